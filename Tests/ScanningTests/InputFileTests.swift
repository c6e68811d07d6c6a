import Scanning
import TestSupport
import Testing

struct InputFileTests {
  @Test func bytesAreReadFromAnywhere() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("0123456789", as: "digits")
    let file = try InputFile.open(path)
    #expect(try file.status().kind == .regular)
    #expect(try file.status().size == 10)
    var bytes = [UInt8](repeating: 0, count: 6)
    #expect(try file.read(into: &bytes, at: 1, upTo: 5, fromOffset: 7) == 3)
    #expect(bytes == [0, 0x37, 0x38, 0x39, 0, 0])
    #expect(try file.read(into: &bytes, at: 0, upTo: 2) == 2)
    #expect(try file.read(into: &bytes, at: 2, upTo: 2) == 2)
    #expect(Array(bytes[..<4]) == Array("0123".utf8))
  }

  @Test func aSpooledStreamCanBeReadTwice() throws {
    let folder = try TemporaryFolder()
    let source = try InputFile.open(try folder.write("some text", as: "source"))
    let copy = try InputFile.spool(source, folder: folder.path)
    var bytes = [UInt8](repeating: 0, count: 20)
    for _ in 0..<2 {
      #expect(try copy.read(into: &bytes, at: 0, upTo: 20, fromOffset: 0) == 9)
      #expect(Array(bytes[..<9]) == Array("some text".utf8))
    }
  }

  @Test func failuresCarryTheSystemsWords() throws {
    #expect(throws: SystemFailure(number: 2)) { try InputFile.open("/nowhere/none.csv") }
    #expect(SystemFailure(number: 2).text == "No such file or directory")
    let folder = try TemporaryFolder()
    #expect(try InputFile.open(folder.path).status().kind == .directory)
  }
}
