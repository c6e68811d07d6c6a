import Foundation
import Reading
import Testing

/// The files of max-mapper/csv-spectrum, where they lie beside the project.
struct CSVSpectrumTests {
  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "shared/corpora/csv")

  private static let names: [String] = {
    let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/csvs")
    // The JSON beside location_coordinates tells of another file.
    return (files ?? []).map { $0.replacing(".csv", with: "") }.sorted()
      .filter { $0 != "location_coordinates" }
  }()

  @Test(
    .enabled(if: !names.isEmpty, "the corpora are not beside the project"), arguments: names)
  func recordsAreThoseOfTheCorpus(name: String) async throws {
    let json = try Data(contentsOf: Self.folder.appending(path: "json/\(name).json"))
    let expected = try JSONDecoder().decode([[String: String]].self, from: json)
    let path = Self.folder.appending(path: "csvs/\(name).csv").path
    let read = try await ReadExport([path])
    let columns = read.summary.header.names
    let records = read.texts.map { Dictionary(uniqueKeysWithValues: zip(columns, $0)) }
    #expect(records == expected)
    #expect(read.summary.findings.isEmpty)
  }
}
