import Reading
import TestSupport
import Testing

/// What a file is, going by its content alone.
struct ExportFormatTests {
  @Test(arguments: [
    ("id,mail\n1,a\n", ExportFormat.csv), ("", .csv), ("  \n", .csv), ("[id],[mail]\n", .csv),
    ("{id},mail\n", .csv), ("\"id\",\"mail\"\n", .csv), ("#TYPE x\nid\n", .csv),
    ("{\"id\":1}", .json), ("\n [ ]", .json), ("[{\"id\":1}]", .json), ("{ }", .json),
    ("\u{FEFF}{\"id\":1}", .json), ("[[1]]", .json),
  ])
  func theContentTells(text: String, format: ExportFormat) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(text, as: "export.dat")
    #expect(try ExportReader(exportName: "x", paths: [path]).detectedFormat() == format)
  }

  @Test func anEmptyFileBeforeTheOthersTellsNothing() throws {
    let folder = try TemporaryFolder()
    let paths = [
      try folder.write("\n", as: "a"), try folder.write("[{\"id\":1}]", as: "b"),
    ]
    #expect(try ExportReader(exportName: "x", paths: paths).detectedFormat() == .json)
  }

  @Test func whatThePolicySaysCounts() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("{\"id\":1}", as: "a")
    let reader = try ExportReader(
      exportName: "x", paths: [path], format: FormatOptions(format: .csv))
    #expect(try reader.detectedFormat() == .csv)
  }
}
