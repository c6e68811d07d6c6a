import Identity
import PlanFile
import Planning
import TestSupport
import Testing

@testable import Reconciling

/// A dictionary of folded texts is the slow twin.
struct TeamDirectoryTests {
  private let keys = [AttributeID(0), AttributeID(1)]

  private func image(_ random: inout SeededGenerator) -> AttributeImage {
    var image = AttributeImage()
    for key in keys where Int.random(in: 0..<5, using: &random) > 0 {
      image.append(key, name(&random).utf8)
    }
    return image
  }

  private func name(_ random: inout SeededGenerator) -> String {
    let stem = Bool.random(using: &random) ? "Team" : "team"
    return "\(stem) \(Int.random(in: 0..<30, using: &random))"
  }

  @Test(arguments: UInt64(0)..<100)
  func findsWhatADictionaryFinds(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let teams = (0..<15).map { number in
      TeamDecisions.Team(
        subject: SubjectRef(id: ResourceID("\(number)"), name: ""), image: image(&random),
        current: nil, standing: .managed, isListed: true)
    }
    let renamed = [3: image(&random), 9: image(&random)]
    var selection = TeamDirectory.Selection()
    selection.leftOut = (0..<3).map { _ in image(&random) }
    for _ in 0..<Int.random(in: 0..<4, using: &random) {
      selection.renamed[MatchKeyText.folded(name(&random).utf8)] = MatchKeyText.folded(
        name(&random).utf8)
    }
    if seed % 3 == 0 { selection.nestedKeys = [keys[1]] }
    let directory = TeamDirectory(
      teams, renamed: renamed, keys: keys, selection: selection, displayName: keys[1])
    let columns = (keys + selection.nestedKeys).map {
      column($0, teams, renamed, selection)
    }
    for number in 0..<32 {
      let value = Array("TEAM \(number)".utf8)
      for key in keys.indices {
        #expect(
          directory.lookup(value, key: key) == columns[key][MatchKeyText.folded(value)] ?? .unknown,
          "seed \(seed)")
      }
      var inner: Int?
      if case .seat(let seat)? = columns.dropFirst(2).first?[MatchKeyText.folded(value)] {
        inner = seat
      }
      #expect(directory.innerSeat(value[...]) == inner, "seed \(seed)")
    }
    #expect(directory.lookup([UInt8](), key: 0) == .unknown)
  }

  private func column(
    _ key: AttributeID, _ teams: [TeamDecisions.Team], _ renamed: [Int: AttributeImage],
    _ selection: TeamDirectory.Selection
  ) -> [[UInt8]: TeamDirectory.Hit] {
    var found: [[UInt8]: TeamDirectory.Hit] = [:]
    func add(_ image: AttributeImage, _ hit: TeamDirectory.Hit) {
      if let value = image[key] { found[MatchKeyText.folded(value)] = hit }
    }
    for seat in teams.indices { add(teams[seat].image, .seat(seat)) }
    for seat in renamed.keys.sorted() { add(renamed[seat] ?? AttributeImage(), .seat(seat)) }
    for (place, image) in selection.leftOut.enumerated() {
      add(image, selection.flattens ? .seat(teams.count + place) : .leftOut)
    }
    guard key == keys[1] else { return found }
    let own = found
    for (name, here) in selection.renamed { found[name] = own[here] }
    return found
  }
}
