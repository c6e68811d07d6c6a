import Foundation
import TestSupport
import Testing

@testable import PlanFile

struct OutputFolderTests {
  private func failure(_ path: String) -> String? {
    do {
      try OutputFolder.make(path)
      return nil
    } catch {
      return error.description
    }
  }

  @Test func aFolderIsMadeWithAllAboveItForThisUserAlone() throws {
    let folder = try TemporaryFolder()
    for name in ["a/b/c", "a/b/c", "a/b/c/", "a//d", "."] {
      #expect(failure(folder.path + "/" + name) == nil, "\(name)")
    }
    let mode = try FileManager.default.attributesOfItem(atPath: folder.path + "/a/b/c")[
      .posixPermissions]
    #expect(mode as? Int == 0o700)
  }

  @Test func aFileInItsPlaceIsSaidInOneSentence() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("x", as: "reports")
    #expect(failure(file) == "\(file) cannot be made as a folder: Not a directory.")
    #expect(failure(file + "/more") == "\(file)/more cannot be made as a folder: Not a directory.")
    #expect(failure("") != nil)
  }
}
