import Foundation
import Identity
import Reading
import Testing

/// The files of nst/JSONTestSuite, where they lie beside the project.
struct JSONTestSuiteTests {
  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "shared/corpora/json/test_parsing")

  private static let names: [String] = {
    let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    return (files ?? []).filter { $0.hasSuffix(".json") }.sorted()
  }()

  /// Every file alone, and as the value of a record in a list: both readers see all of them.
  @Test(
    .enabled(if: !names.isEmpty, "the corpora are not beside the project"), arguments: names)
  func theVerdictIsThatOfTheSuite(name: String) async throws {
    let bytes = try Data(contentsOf: Self.folder.appending(path: name))
    for wrapped in [false, true] {
      let text = wrapped ? Array(#"[{"id":1,"v":"#.utf8) + bytes + Array("}]".utf8) : Array(bytes)
      let isAccepted = await Self.accepts(text)
      switch name.prefix(2) {
      case "y_": #expect(isAccepted, "\(name) \(wrapped)")
      case "n_": #expect(!isAccepted, "\(name) \(wrapped)")
      // Not decided by the standard; whatever it is, it is no crash.
      default: break
      }
    }
  }

  private static func accepts(_ text: [UInt8]) async -> Bool {
    guard let read = try? await JSONExport([text], fields: [["id"], ["v"]]) else { return false }
    return read.summary.findings.allSatisfy { finding in
      switch finding.subject {
      case .brokenDocument, .emptyFile, .recordTooLong: false
      // A duplicate name is grammatical, and nothing but an object is a record.
      case .badRecord(_, let problem, _): problem == .notAnObject
      default: true
      }
    }
  }
}

/// The resources of RFC 7643 and messages of RFC 7644, where they lie beside the project.
struct SCIMSamplesTests {
  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "shared/corpora/scim/samples")

  private static let names: [String] = {
    let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    return (files ?? []).filter { $0.hasSuffix(".json") }.sorted()
  }()

  @Test(
    .enabled(if: !names.isEmpty, "the corpora are not beside the project"), arguments: names)
  func everyExampleCanBeRead(name: String) async throws {
    let bytes = try Data(contentsOf: Self.folder.appending(path: name))
    let read = try await JSONExport([Array(bytes)], fields: [["id"]], format: nil)
    #expect(read.summary.endedProperly, "\(read.summary.findings)")
    if name.contains("user-") || name.contains("group") {
      #expect(read.rows.count + read.summary.quarantinedCount >= 1)
    }
  }
}
