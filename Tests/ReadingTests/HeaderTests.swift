import Identity
import Scanning
import TestSupport
import Testing

@testable import Reading

struct HeaderTests {
  @Test(arguments: [
    ("mail", "mail", false), ("  mail\t", "mail", false),
    ("User name [userPrincipalName] Required", "userPrincipalName", true),
    ("First name [givenName]", "givenName", true),
    ("Block sign in (Yes/No) [accountEnabled] Required", "accountEnabled", true),
    ("x [extension_0a1b_costCenter]", "extension_0a1b_costCenter", true),
    ("Email Address [Required]", "Email Address", false), ("Status [READ ONLY]", "Status", false),
    ("New Status [UPLOAD ONLY]", "New Status", false),
    ("Recovery Phone [MUST BE IN THE E.164 FORMAT]", "Recovery Phone", false),
    ("[odd", "[odd", false), ("a [b c]", "a [b c]", false), ("[]", "[]", false),
    ("x [y] z", "x [y] z", false),
  ])
  func headerCellsNameTheirColumn(cell: String, name: String, isFromTemplate: Bool) {
    let header = HeaderName(cell: cell)
    #expect(header.name == name)
    #expect(header.isFromTemplate == isFromTemplate)
  }

  @Test(arguments: [
    ("a,b\n1,2\n", ",", ["a", "b"]), ("a;b,c;d\n", ";", ["a", "b,c", "d"]),
    ("a\tb\n", "\t", ["a", "b"]), ("a|b|\"c,d,e,f\"\n", "|", ["a", "b", "c,d,e,f"]),
    ("single\nx\n", ",", ["single"]), ("sep=;\r\na;b\r\n", ";", ["a", "b"]),
    ("#TYPE Microsoft.ActiveDirectory.Management.ADUser\r\n\"a\",\"b\"\r\n", ",", ["a", "b"]),
    ("\u{FEFF}version:v1.0\nName [displayName] Required,b\n", ",", ["displayName", "b"]),
    ("\n\r\na,b\n", ",", ["a", "b"]), ("\"a\"\"x\",\"b\nc\"\n", ",", ["a\"x", "b\nc"]),
    ("a,b\r1,2\r", ",", ["a", "b"]),
  ])
  func theDelimiterIsFoundInTheHeader(text: String, delimiter: String, names: [String]) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(text, as: "x.csv")
    for blockSize in [1, 5, 1 << 16] {
      let options = CSVOptions(blockSize: blockSize)
      let reader = try ExportReader(exportName: "x", paths: [path], options: options)
      let header = try reader.header()
      #expect(header.names == names)
      #expect(header.delimiter == delimiter.utf8.first)
    }
  }

  @Test func columnsAreLookedUpExactlyFirst() throws {
    let header = try header(of: "Mail,mail,Title,x,x,\n")
    #expect(header.column(named: "mail") == .found(1))
    #expect(header.column(named: "title") == .found(2))
    #expect(header.column(named: "MAIL") == .ambiguous)
    #expect(header.column(named: "x") == .ambiguous)
    #expect(header.column(named: "") == .missing)
    #expect(header.column(named: "nothing") == .missing)
    #expect(header.ambiguousNames == ["x"])
    #expect(
      header.findings.map(\.subject) == [.emptyHeader(position: 6), .duplicateHeader(name: "x")])
  }

  /// `é` in one piece and in two are different names.
  @Test func namesAreBytes() throws {
    let header = try header(of: "caf\u{E9},cafe\u{301}\n")
    #expect(header.column(named: "cafe\u{301}") == .found(1))
    #expect(header.column(named: "caf\u{E9}") == .found(0))
    #expect(header.ambiguousNames.isEmpty)
  }

  @Test func headersThatCannotBeUnderstoodAreRefused() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("x", as: "x.csv")
    func refusal(_ text: String, limits: CSVLimits = CSVLimits()) throws -> ReadFailure? {
      _ = try folder.write(text, as: "x.csv")
      let reader = try ExportReader(
        exportName: "x", paths: [path], options: CSVOptions(limits: limits))
      do throws(ReadFailure) {
        _ = try reader.header()
        return nil
      } catch {
        return error
      }
    }
    #expect(try refusal("a,\"b\nc") == .headerNotClosed(path: path, line: 1))
    #expect(
      try refusal("\na,\"b\"c\n") == .textAfterQuoteInHeader(path: path, line: 2, column: 2))
    #expect(try refusal("a\0b\n") == .nulInHeader(path: path, line: 1))
    #expect(
      try refusal("a,b,c\n", limits: CSVLimits(columns: 2))
        == .tooManyColumns(path: path, columns: 3, limit: 2))
    #expect(
      try refusal("\"" + String(repeating: "x", count: 200_000), limits: CSVLimits(record: 1000))
        == .headerTooLong(path: path, limit: 1000))
    let latin = Array("id,M".utf8) + [0xFC] + Array("ller\n".utf8)
    _ = try folder.write(latin, as: "x.csv")
    let reader = try ExportReader(exportName: "x", paths: [path])
    #expect(throws: ReadFailure.headerNotText(path: path, line: 1, byteOffset: 4)) {
      try reader.header()
    }
  }

  private func header(of text: String) throws -> ExportHeader {
    let folder = try TemporaryFolder()
    let path = try folder.write(text, as: "x.csv")
    return try ExportReader(exportName: "x", paths: [path]).header()
  }
}
