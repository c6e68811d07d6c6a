import Glibc
import TestSupport
import Testing

@testable import Reconciling

struct SmallFileTests {
  private func problem(_ path: String, limit: Int = 100) -> SmallFile.Problem? {
    do {
      _ = try SmallFile.bytes(of: path, limit: limit)
      return nil
    } catch {
      return error
    }
  }

  @Test func aFileIsReadToItsEnd() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("hello", as: "a")
    #expect(try SmallFile.bytes(of: path, limit: 5) == Array("hello".utf8))
    #expect(problem(path, limit: 4) == .tooLarge)
    #expect(try SmallFile.bytes(of: folder.write("", as: "b"), limit: 5) == [])
  }

  @Test func whatIsNoFileSaysSo() throws {
    let folder = try TemporaryFolder()
    // SAFETY: Swift passes a NUL-terminated copy of the path that lives through the call.
    let made = unsafe mkfifo(folder.path + "/pipe", 0o600)
    #expect(made == 0)
    #expect(problem(folder.path + "/pipe") == .notRegular)
    #expect(problem("/dev/zero") == .notRegular)
    #expect(problem(folder.path) == .folder)
    #expect(problem(folder.path + "/nowhere") == .missing)
  }
}
