import Foundation
import Identity
import Reading
import TestSupport
import Testing

struct XMLFileTests {
  private static let workday = """
    <?xml version="1.0" encoding="UTF-8"?>
    <wd:Report_Data xmlns:wd="urn:com.workday.report/Every_Worker">
      <wd:Report_Entry>
        <wd:Employee_ID>21001</wd:Employee_ID>
        <wd:Worker wd:Descriptor="Ann Lée">
          <wd:ID wd:type="WID">3aa5</wd:ID>
          <wd:ID wd:type="Employee_ID">21001</wd:ID>
        </wd:Worker>
        <wd:Title/>
        <wd:Team_group><wd:Name>Sales &amp; more</wd:Name></wd:Team_group>
        <wd:Team_group><wd:Name>Oslo</wd:Name></wd:Team_group>
      </wd:Report_Entry>
      <wd:Report_Entry><wd:Employee_ID>21002</wd:Employee_ID></wd:Report_Entry>
    </wd:Report_Data>
    """

  private static let fields = [
    ["Employee_ID"], ["Worker.@Descriptor"], [#"Worker.ID[type eq "WID"]"#], ["Title"],
    ["Team_group.Name"],
  ]

  @Test func aReportBecomesRecordsByLocalNames() async throws {
    for blockSize in [1, 1 << 20] {
      let read = try await LDIFExport(Self.workday, fields: Self.fields, blockSize: blockSize)
      #expect(
        read.rows == [
          ["21001", "Ann Lée", "3aa5", "", "Sales & more|Oslo"],
          ["21002", "absent", "absent", "absent", "absent"],
        ])
      #expect(read.lines == [3, 13])
      #expect(read.codes.isEmpty)
    }
  }

  @Test func recordsCanBeLookedUpAgain() async throws {
    let read = try await LDIFExport(Self.workday, fields: [["Employee_ID"]])
    let again = try read.reader.records(numbered: [1], places: read.summary.places)
    #expect(again.flatMap { LDIFExport.row(0, of: $0.batch) } == ["21002"])
  }

  @Test func encodingsAndContainersMakeNoDifference() async throws {
    let text = Self.workday.replacing("encoding=\"UTF-8\"", with: "encoding=\"UTF-16\"")
    var wide: [UInt8] = [0xFE, 0xFF]
    for unit in text.utf16 { wide += [UInt8(unit >> 8), UInt8(unit & 0xFF)] }
    let latin = Self.workday.replacing("UTF-8", with: "ISO-8859-1").unicodeScalars.map {
      UInt8($0.value)
    }
    for bytes in [wide, latin, PackedText.gzip(wide), [0xEF, 0xBB, 0xBF] + Self.workday.utf8] {
      let read = try await LDIFExport(bytes, fields: Self.fields)
      #expect(read.rows.map { $0[1] } == ["Ann Lée", "absent"])
      #expect(read.codes.isEmpty)
    }
  }

  private static let directory = """
    <soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>
    <batchResponse xmlns="urn:oasis:names:tc:DSML:2:0:core"
      xmlns:xsd="http://www.w3.org/2001/XMLSchema"
      xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><searchResponse>
    <searchResultEntry dn="uid=ann,dc=x">
      <attr name="objectClass"><value>top</value><value>inetOrgPerson</value></attr>
      <attr name="uid"><value>ann</value></attr>
      <attr name="title"><value></value></attr>
      <attr name="objectGUID">
        <value xsi:type="xsd:base64Binary">2KoymP7ka0mmBJXG7wGudQ==</value></attr>
      <attr name="photo"><value xsi:type="xsd:anyURI">file:///etc/passwd</value></attr>
    </searchResultEntry>
    <searchResultEntry dn="ou=People,dc=x">
      <attr name="objectClass"><value>organizationalUnit</value></attr>
    </searchResultEntry>
    <searchResultDone><resultCode code="0"/></searchResultDone>
    </searchResponse></batchResponse></soap:Body></soap:Envelope>
    """

  @Test func entriesOfDSMLAreEntries() async throws {
    for text in [Self.directory, Self.withoutEnvelope] {
      let read = try await LDIFExport(
        text, fields: [["dn"], ["uid"], ["title"], ["objectGUID"], ["photo"]],
        directory: DirectoryOptions(classes: ["inetOrgPerson"]))
      #expect(
        read.rows == [
          ["uid=ann,dc=x", "ann", "", "9832aad8-e4fe-496b-a604-95c6ef01ae75", "absent"]
        ])
      #expect(read.codes.isEmpty)
    }
  }

  private static let withoutEnvelope: String = {
    let inner = directory.split(separator: "<soap:Body>\n")[1].split(separator: "</soap:Body>")[0]
    return String(inner)
  }()

  @Test func aSearchThatFailedIsIncomplete() async throws {
    let text = Self.directory.replacing("code=\"0\"", with: "code=\"4\"")
    let read = try await LDIFExport(text, fields: [["uid"]])
    #expect(read.summary.isIncomplete)
    #expect(read.codes == ["health.more-pages"])
  }

  /// What is missing of an answer, or stands elsewhere, proves nothing of who is not in it.
  @Test(arguments: [
    ("", "searchResponse without searchResultDone"),
    (
      #"</searchResponse><errorResponse type="connectionClosed"><message>x</message></errorResponse>"#
        + "<searchResponse>", "errorResponse connectionClosed"
    ),
    (
      "<searchResultReference><ref>ldap://other/ou=x</ref></searchResultReference>"
        + #"<searchResultDone><resultCode code="0"/></searchResultDone>"#, "searchResultReference"
    ),
  ])
  func anAnswerThatIsNotConcludedIsIncomplete(end: String, marker: String) async throws {
    let done = #"<searchResultDone><resultCode code="0"/></searchResultDone>"#
    let read = try await LDIFExport(
      Self.directory.replacing(done, with: end), fields: [["uid"]])
    #expect(read.summary.findings.map(\.subject) == [.morePages(marker: marker)])
    #expect(read.rows.first == ["ann"])
  }

  /// Found by the fuzzer: it was where the piece ended, and so another with each size of block.
  @Test func whereAnEntryIsDoesNotDependOnTheSizeOfBlocks() async throws {
    let bad =
      "<searchResultEntry dn=\"x\"><attr name=\"a\"><value>b<c/></value></attr></searchResultEntry>"
    let coded =
      "<searchResultEntry dn=\"x\"><attr name=\"a\"><value type=\"base64Binary\">!</value>"
      + "</attr></searchResultEntry>"
    let good =
      "<searchResultEntry dn=\"y\"><attr name=\"a\"><value>b</value></attr></searchResultEntry>\n"
    let filler = String(repeating: good, count: 200)
    let text = "<batchResponse>\(filler)\(bad)\(filler)\(coded)\(filler)</batchResponse>"
    var findings: Set<String> = []
    for blockSize in [1, 100, 1 << 20] {
      let read = try await LDIFExport(text, fields: [["a"]], blockSize: blockSize)
      #expect(read.problems == [.elementInValue, .badBase64])
      #expect(read.rows.count == 600)
      findings.insert("\(read.summary.findings.map(\.subject))")
    }
    #expect(findings.count == 1, "\(findings)")
  }

  @Test func whichElementIsARecordCanBeSaid() async throws {
    let text = "<x><meta><y>1</y></meta><list><p><id>1</id></p><p><id>2</id></p></list></x>"
    let read = try await LDIFExport(text.utf8, fields: [["id"]], records: ["list", "p"])
    #expect(read.rows == [["1"], ["2"]])
    let none = try await LDIFExport(text.utf8, fields: [["id"]], records: ["person"])
    #expect(none.problems == [.noRecords])
    #expect(!none.summary.endedProperly)
  }

  @Test func aDocumentTypeIsRefused() async throws {
    let text = "<?xml version=\"1.0\"?>\n<!DOCTYPE a [<!ENTITY x \"y\">]>\n<a><b>&x;</b></a>"
    let failure = await #expect(throws: ReadFailure.self) {
      try await LDIFExport(text, fields: [["b"]])
    }
    guard case .documentType(_, let line) = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(line <= 3)
  }

  private static let hostile = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Samples/Hostile")

  @Test(arguments: ["doctype.xml", "billion-laughs.xml"])
  func samplesWithADocumentTypeAreRefused(name: String) async throws {
    let bytes = try Data(contentsOf: Self.hostile.appending(path: name))
    let failure = await #expect(throws: ReadFailure.self) {
      try await LDIFExport(bytes, fields: [["id"]])
    }
    #expect(failure?.message.contains("DOCTYPE") == true)
  }

  @Test(arguments: [("deep.xml", DocumentProblem.tooDeep), ("cut.xml", .cutOff)])
  func samplesThatBreakOffAreNotWhole(name: String, problem: DocumentProblem) async throws {
    let bytes = try Data(contentsOf: Self.hostile.appending(path: name))
    let read = try await LDIFExport(bytes, fields: [["id"]])
    #expect(read.problems == [problem])
    #expect(!read.summary.endedProperly)
  }

  /// Found by the fuzzer: the entries before the cut were read as records of no directory, groups among people.
  @Test func entriesBeforeACutAreStillEntries() async throws {
    let bytes = try Data(contentsOf: Self.hostile.appending(path: "cut-after-entries.dsml"))
    let people = DirectoryOptions(classes: ["inetOrgPerson"])
    let read = try await LDIFExport(bytes, fields: [["uid"], ["dn"]], directory: people)
    #expect(read.rows == [["ann", "uid=ann,ou=People,dc=contoso,dc=com"]])
    #expect(!read.summary.endedProperly)
  }

  @Test func deepAndHugeThingsEnd() async throws {
    let deep = "<a><b>" + String(repeating: "<c>", count: 5000)
    let read = try await LDIFExport(deep, fields: [["b"]])
    #expect(read.problems == [.tooDeep])
    #expect(!read.summary.endedProperly)
    let long = "<a><b><c>\(String(repeating: "x", count: 300))</c><d>1</d></b><b><d>2</d></b></a>"
    let aside = try await LDIFExport(
      long.utf8, fields: [["d"]], limits: .init(field: 200, record: 1000))
    #expect(aside.rows == [["2"]])
    #expect(aside.problems == [.valueTooLong])
    let stopped = try await LDIFExport(
      long.utf8, fields: [["d"]], limits: .init(field: 200, record: 250))
    #expect(!stopped.summary.endedProperly)
  }

  @Test(arguments: [workday, directory])
  func noPrefixIsTakenForTheWhole(text: String) async throws {
    let bytes = Array(text.utf8)
    for count in 10..<bytes.count {
      let read = try await LDIFExport(bytes[..<count], fields: [["uid"]])
      #expect(!read.summary.endedProperly, "cut at \(count)")
    }
  }

  @Test func flippedBitsNeverCrash() async throws {
    var random = SeededGenerator(seed: 17)
    for _ in 0..<300 {
      var text = Array(Self.directory.utf8)
      let bit = Int.random(in: 0..<text.count * 8, using: &random)
      text[bit / 8] ^= 1 << (bit % 8)
      let read = try? await LDIFExport(text, fields: [["uid"], ["title"]], blockSize: 1)
      #expect(read.map { $0.rows.count <= 3 } ?? true, "seed 17, bit \(bit)")
    }
  }

  @Test(arguments: [
    ("<?xml version='1.0'?><a/>", true), (" \n<a><b/></a>", true), ("<!-- c --><a/>", true),
    ("<,b\n1,2\n", false), ("name,<a>\n", false), ("<1>", false),
  ])
  func itIsFoundByItsContent(text: String, isXML: Bool) async throws {
    let read = try await LDIFExport(text, fields: [["b"]])
    #expect(try read.reader.detectedFormat() == (isXML ? .xml : .csv))
  }
}
