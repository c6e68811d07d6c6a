import Foundation
import PlanFile
import TestSupport

@testable import Reconciling

/// A company whose exports are files of `Samples/Formats`.
struct SampleExports {
  let company: Company

  /// Takes the lines under `exports:`.
  init(_ exports: String) throws {
    company = try Company(
      """
      state: rollcall.db
      exports:
      \(exports)
      \(CompanyPolicy.wideGuards)
      """)
    for name in try FileManager.default.contentsOfDirectory(atPath: Self.folder.path) {
      let bytes = try Data(contentsOf: Self.folder.appending(path: name))
      try company.write(Array(bytes), as: name)
    }
  }

  static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Samples/Formats")

  /// What the state holds after a night, as JSON text.
  func state(after night: Int) async throws -> String {
    try await company.apply(night: night)
    return try company.export()
  }
}
