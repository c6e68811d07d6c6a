import Identity
import PlanFile
import TestSupport
import Testing

@testable import Storing

/// What creates gave is found again by turning back; a list of what they gave is the slow twin.
struct JournalReplayTests {
  /// Runs of creates, updates and deletions of a few people, who may come back once under the id they had.
  private struct History {
    var random: SeededGenerator
    /// The titles of those who are there; nil for none.
    var present: [String: String?] = [:]
    var ordinals: [String: UInt32] = [:]
    /// An id that was deleted twice is no journal's.
    var deleted: Set<String> = []
    /// By run: what its creates gave, in their order.
    var created: [[AttributeImage]] = []

    static let names = ["ann", "bob", "eve", "kim", "zoe"]

    mutating func run(_ state: StateTransaction) throws {
      created.append([])
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let name = Self.names.randomElement(using: &random) ?? "ann"
        guard let title = present[name] else {
          try create(name, state)
          continue
        }
        let ordinal = try #require(ordinals[name])
        let current = try #require(try state.member(ordinal)).resource.document
        if Int.random(in: 0..<3, using: &random) == 0, deleted.insert(name).inserted {
          try state.journal(
            SampleState.operation(name, .deleteMember, .leaver, classes: .removal),
            deleted: current)
          try state.deleteMember(ordinal)
          present[name] = nil
        } else {
          try update(name, ordinal, current, from: title, state)
        }
      }
    }

    private mutating func create(_ name: String, _ state: StateTransaction) throws {
      let title = "T\(Int.random(in: 0..<100, using: &random))"
      let document = SampleState.member(name, title: title)
      let image = SampleState.image(of: document)
      ordinals[name] = try state.insertMember(document, standing: .active, owners: [])
      try state.journal(SampleState.operation(name, .createMember(image)))
      present[name] = title
      created[created.count - 1].append(image)
    }

    private mutating func update(
      _ name: String, _ ordinal: UInt32, _ current: ResourceDocument, from title: String?,
      _ state: StateTransaction
    ) throws {
      let next = Bool.random(using: &random) ? nil : "U\(Int.random(in: 0..<100, using: &random))"
      let change = SampleState.change("title", title, next)
      var document = current
      if let next {
        document.set(change.attribute, to: next)
      } else {
        document.remove(change.attribute.path)
      }
      try state.updateMember(ordinal, to: document, standing: .active)
      try state.journal(SampleState.operation(name, .updateMember([change]), .differs))
      present[name] = .some(next)
    }
  }

  @Test(arguments: UInt64(1)...30)
  func everyCreateIsToldAsItWas(seed: UInt64) throws {
    let sample = try SampleState()
    let store = try sample.open()
    var history = History(random: SeededGenerator(seed: seed))
    for number in 1...8 {
      try store.write { state in
        try state.rebase(SampleState.basis)
        try state.beginRun(SampleState.start("p\(number)"))
        try history.run(state)
        try state.finishRun(.applied, at: number)
      }
    }
    #expect(try store.verifyJournal().isSound, "seed \(seed)")
    for number in 1...8 {
      let found = try store.journaledRun(number).operations.compactMap { operation in
        if case .createMember(let image) = operation.action { image } else { nil }
      }
      #expect(found == history.created[number - 1], "seed \(seed), run \(number)")
      #expect(try store.journalBreach(ofRun: number) == nil, "seed \(seed), run \(number)")
    }
  }
}
