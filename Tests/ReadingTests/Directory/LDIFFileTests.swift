import Foundation
import Identity
import Reading
import TestSupport
import Testing

struct LDIFFileTests {
  private static let people = """
    version: 1

    # Ann
    dn: uid=ann,ou=People,dc=contoso,dc=com
    objectClass: top
    objectClass: inetOrgPerson
    uid: ann
    cn:: QW5uIEzDpGU=
    mail: ann@contoso.com
    mail: lee@contoso.com
    title:

    dn: cn=Sales,ou=Groups,dc=contoso,dc=com
    objectClass: groupOfNames
    cn: Sales
    member: uid=ann,ou=People,dc=contoso,dc=com

    dn: uid=bo,ou=People,
     dc=contoso,dc=com
    objectClass: inetOrgPerson
    uid: bo


    """

  @Test func entriesBecomeRecords() async throws {
    for blockSize in [1, 30, 200, 1 << 20] {
      let read = try await LDIFExport(
        Self.people, fields: [["uid"], ["CN"], ["mail"], ["title"], ["dn"]],
        directory: DirectoryOptions(classes: ["INETORGPERSON"]), blockSize: blockSize)
      #expect(
        read.rows == [
          [
            "ann", "Ann Läe", "ann@contoso.com|lee@contoso.com", "",
            "uid=ann,ou=People,dc=contoso,dc=com",
          ],
          ["bo", "absent", "absent", "absent", "uid=bo,ou=People,dc=contoso,dc=com"],
        ])
      #expect(read.lines == [4, 18])
      #expect(read.codes.isEmpty)
      #expect(read.summary.endedProperly)
    }
  }

  /// Its last value may be half a value, so nobody gets it.
  @Test(arguments: 1...40)
  func aRecordThatNothingClosesIsSetAside(missing: Int) async throws {
    let whole = "dn: uid=ann,dc=x\nuid: ann\n\ndn: uid=bo,dc=x\nuid: bo\ntitle: Engineer\n\n"
    for blockSize in [1, 30, 1 << 20] {
      let read = try await LDIFExport(
        String(whole.dropLast(missing)), fields: [["uid"], ["title"]], blockSize: blockSize)
      #expect(read.rows == [["ann", "absent"]])
      #expect(!read.summary.endedProperly)
    }
  }

  @Test func twoEntriesWithoutALineBetweenAreNeither() async throws {
    let text = Self.people.replacing("\n\ndn: cn=Sales", with: "\ndn: cn=Sales")
    let read = try await LDIFExport(text, fields: [["uid"], ["cn"]])
    #expect(read.rows == [["bo", "absent"]])
    #expect(read.problems == [.secondEntryName])
  }

  @Test func recordsCanBeLookedUpAgain() async throws {
    let read = try await LDIFExport(
      Self.people, fields: [["uid"]], directory: DirectoryOptions(classes: ["inetOrgPerson"]))
    let again = try read.reader.records(numbered: [1], places: read.summary.places)
    #expect(again.flatMap { LDIFExport.row(0, of: $0.batch) } == ["bo"])
    #expect(again.map { $0.place.line(of: 0, in: $0.batch) } == [18])
  }

  @Test func utf16OfLdifdeAndGzipAreRead() async throws {
    var bytes: [UInt8] = [0xFF, 0xFE]
    let text = "dn: CN=Zoë,DC=contoso\r\nchangetype: add\r\ncn: Zoë\r\n\r\n"
    for unit in text.utf16 { bytes += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
    for bytes in [bytes, PackedText.gzip(bytes)] {
      let read = try await LDIFExport(bytes, fields: [["cn"], ["dn"]])
      #expect(read.rows == [["Zoë", "CN=Zoë,DC=contoso"]])
      #expect(read.codes.isEmpty)
    }
  }

  @Test func valuesOfActiveDirectoryBecomeText() async throws {
    let guid = Data([
      0xD8, 0xAA, 0x32, 0x98, 0xFE, 0xE4, 0x6B, 0x49, 0xA6, 0x04, 0x95, 0xC6, 0xEF, 0x01, 0xAE,
      0x75,
    ]).base64EncodedString()
    let sid = Data([1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0]).base64EncodedString()
    let read = try await LDIFExport(
      """
      dn: CN=Ann,DC=contoso,DC=com
      objectGUID:: \(guid)
      objectSid:: \(sid)
      userAccountControl: 512
      accountExpires: 9223372036854775807
      jpegPhoto:: /9j/4AAQ

      dn: CN=Bo,DC=contoso,DC=com
      userAccountControl: 514
      accountExpires: 134167968000000000


      """,
      fields: [
        ["objectGUID"], ["objectSid"], ["accountEnabled"], ["userAccountControl"],
        ["accountExpires"],
      ])
    #expect(
      read.rows == [
        ["9832aad8-e4fe-496b-a604-95c6ef01ae75", "S-1-5-32-544", "true", "512", ""],
        ["absent", "absent", "false", "514", "2026-03-01T00:00:00Z"],
      ])
  }

  @Test func aBinaryValueWhereTextIsWantedSetsItsRecordAside() async throws {
    let read = try await LDIFExport(
      "dn: cn=a\ncn:: /w==\nuid: a\n\ndn: cn=b\ncn: b\n\n", fields: [["uid"], ["cn"]])
    #expect(read.rows == [["absent", "b"]])
    #expect(read.problems == [.invalidUTF8])
    #expect(read.summary.quarantined.map(\.cells) == [["a", nil]])
  }

  @Test func namesOfEntriesBecomeWhatTheyAreKnownBy() async throws {
    var people = EntryDirectory()
    people.add("uid=ann, ou=People,dc=contoso,dc=com".utf8, value: "ann".utf8)
    people.add("uid=twice,dc=x".utf8, value: "1".utf8)
    people.add("uid=twice,dc=x".utf8, value: "2".utf8)
    var references = EntryReferences()
    references.directories[1] = people
    let read = try await LDIFExport(
      """
      dn: cn=Sales
      cn: Sales
      member: UID=Ann,OU=people,DC=contoso,DC=com
      member: uid=twice,dc=x
      memberUid: bo

      dn: uid=ann,ou=People,dc=contoso,dc=com
      cn: no team


      """, fields: [["cn"], ["member", "memberUid"]],
      directory: DirectoryOptions(needsAllFields: true), references: references)
    #expect(read.rows == [["Sales", "ann|uid=twice,dc=x"]])
  }

  @Test func listsInPartsAreWholeOrTheExportIsNot() async throws {
    let whole = """
      dn: cn=Sales
      cn: Sales
      member;range=0-1: uid=a
      member;range=0-1: uid=b

      dn: CN=sales
      cn: Sales
      member;range=2-*: uid=c


      """
    let read = try await LDIFExport(whole, fields: [["cn"], ["member"]])
    #expect(read.rows == [["Sales", "uid=a|uid=b"], ["Sales", "uid=c"]])
    #expect(!read.summary.isIncomplete)
    for (from, to) in [("2-*", "2-3"), ("2-*", "3-*"), ("0-1", "1-1")] {
      let text = whole.replacing("range=\(from)", with: "range=\(to)")
      let cut = try await LDIFExport(text, fields: [["cn"], ["member"]])
      #expect(cut.summary.isIncomplete)
      #expect(cut.summary.findings.map(\.subject) == [.morePages(marker: "member of cn=sales")])
    }
  }

  @Test func aSearchThatFailedIsIncomplete() async throws {
    let text = "dn: cn=a\ncn: a\n\n# search result\nsearch: 2\nresult: 4 Size limit exceeded\n"
    let read = try await LDIFExport(text + "\n# numResponses: 1\n", fields: [["cn"]])
    #expect(read.rows == [["a"]])
    #expect(read.summary.isIncomplete)
    #expect(read.codes == ["health.more-pages"])
  }

  // MARK: - Changes

  private static let changes = """
    dn: uid=ann,dc=x
    changetype: modify
    replace: title
    title: Buyer
    -
    delete: fax
    -

    dn: uid=bo,dc=x
    changetype: delete

    dn: uid=cy,dc=x
    changetype: add
    title: Clerk

    dn: uid=dee,dc=x
    changetype: modrdn
    newrdn: uid=di
    deleteoldrdn: 1


    """

  @Test func changesAreRowsOfADelta() async throws {
    let read = try await LDIFExport(
      Self.changes, fields: [["dn"], ["changetype"], ["title"], ["fax"]],
      directory: DirectoryOptions(isDelta: true))
    #expect(
      read.rows == [
        ["uid=ann,dc=x", "modify", "Buyer", ""], ["uid=bo,dc=x", "delete", "absent", "absent"],
        ["uid=cy,dc=x", "add", "Clerk", "absent"],
        ["uid=di,dc=x", "modify", "absent", "absent"],
      ])
    #expect(read.problems == [])
  }

  private static let renames = """
    dn: uid=dee+l=Oslo,ou=People,dc=x
    changetype: modrdn
    newrdn: uid=di\\, jr
    deleteoldrdn: 1
    newsuperior: ou=Staff,dc=x

    dn: UID=Di\\, Jr, OU=Staff, DC=X
    changetype: modify
    replace: title
    title: Buyer
    -

    dn: ou=Staff,dc=x
    changetype: moddn
    newrdn: ou=Crew
    deleteoldrdn: 0

    dn: uid=di\\2c jr,ou=Crew,dc=x
    changetype: delete

    dn: uid=dee+l=Oslo,ou=People,dc=x
    changetype: delete

    dn: uid=ann,ou=People,dc=x
    changetype: modrdn
    newrdn: cn=Ann
    deleteoldrdn: 2


    """

  /// Every name of later is the one of before, whichever piece it stands in; who takes a name that has become free is
  /// nobody known.
  @Test(arguments: [20, 1 << 20])
  func renamedEntriesAreKnownByTheirNewNames(blockSize: Int) async throws {
    var people = EntryDirectory()
    people.add("l=Oslo+uid=dee,ou=people,dc=x".utf8, value: "E7".utf8)
    var references = EntryReferences()
    references.own[0] = people
    let read = try await LDIFExport(
      Self.renames, fields: [["key"], ["dn"], ["uid"], ["l"], ["title"], ["changetype"]],
      directory: DirectoryOptions(isDelta: true), references: references, blockSize: blockSize)
    #expect(
      read.rows == [
        ["E7", #"uid=di\, jr,ou=Staff,dc=x"#, "di, jr", "", "absent", "modify"],
        ["E7", #"UID=Di\, Jr, OU=Staff, DC=X"#, "absent", "absent", "Buyer", "modify"],
        ["E7", #"uid=di\2c jr,ou=Crew,dc=x"#, "absent", "absent", "absent", "delete"],
      ])
    #expect(read.problems == [.badChange])
  }

  @Test func aNewNameThatIsTheKeyIsSetAside() async throws {
    var references = EntryReferences()
    references.own[0] = EntryDirectory()
    let read = try await LDIFExport(
      "dn: uid=a,dc=x\nchangetype: modrdn\nnewrdn: uid=b\ndeleteoldrdn: 0\n\n",
      fields: [["uid"], ["title"]], directory: DirectoryOptions(isDelta: true),
      references: references)
    #expect(read.rows == [])
    #expect(read.problems == [.unsupportedChange])
  }

  /// An old name that stays is a value beside the new one, and the first of them stays the first.
  @Test func anOldNameMayStay() async throws {
    let read = try await LDIFExport(
      "dn: uid=a,dc=x\nchangetype: modrdn\nnewrdn: uid=b\ndeleteoldrdn: 0\n\n",
      fields: [["uid"], ["uid[1]"]], directory: DirectoryOptions(isDelta: true))
    #expect(read.rows == [["a|b", "absent"]])
  }

  @Test func aChangeDoesNotBelongIntoAFullExport() async throws {
    let read = try await LDIFExport(Self.changes, fields: [["dn"], ["title"]])
    #expect(read.rows == [["uid=cy,dc=x", "Clerk"]])
    #expect(Set(read.problems) == [.changeInFullExport])
    #expect(read.summary.quarantinedCount == 3)
    #expect(read.summary.anonymousLines > 0)
  }

  @Test func changesOfAListAreRowsOfTheirOwn() async throws {
    let text = """
      dn: cn=Sales
      changetype: modify
      add: member
      member: uid=a
      member: uid=b
      -
      delete: member
      member: uid=c
      -

      dn: cn=Other
      changetype: modify
      replace: member
      member: uid=a
      -
      delete: member
      -
      add: member
      -


      """
    var teams = EntryDirectory()
    teams.add("CN=Sales".utf8, value: "Sales".utf8)
    var references = EntryReferences()
    references.own[0] = teams
    let read = try await LDIFExport(
      text, fields: [["cn"], ["member"], ["changetype"]],
      directory: DirectoryOptions(needsAllFields: true, isDelta: true), references: references)
    #expect(
      read.rows == [
        ["Sales", "uid=a|uid=b", "add"], ["Sales", "uid=c", "delete"],
        // Nobody knows the team, which its name tells.
        ["Other", "", "everybody"], ["Other", "uid=a", "add"], ["Other", "", "everybody"],
      ])
    #expect(read.problems == [.badChange])
  }

  // MARK: - Damage

  @Test func noPrefixIsTakenForTheWhole() async throws {
    let text = Array(Self.people.utf8)
    for count in 0..<text.count {
      let read = try await LDIFExport(text[..<count], fields: [["uid"]])
      let tail = String(decoding: text[..<count], as: UTF8.self)
      let isAtRecord = tail.hasSuffix("\n\n") || tail.hasSuffix("# Ann\n")
      if isAtRecord || read.rows.isEmpty { continue }
      let isDetected = try read.reader.detectedFormat() == .ldif
      #expect(!isDetected || !read.summary.endedProperly, "cut at \(count)")
    }
  }

  @Test func aRecordWithoutEndStopsItsFile() async throws {
    let text = "dn: cn=a\ncn: a\n\ndn: cn=b\n" + String(repeating: "cn: b\n", count: 100)
    let read = try await LDIFExport(
      text.utf8, fields: [["cn"]], blockSize: 20, limits: .init(field: 100, record: 200))
    #expect(read.rows == [["a"]])
    #expect(!read.summary.endedProperly)
    #expect(read.codes == ["read.record-too-long"])
  }

  @Test func badRecordsTellTheirByte() async throws {
    let text = "dn: cn=a\n\ndn: cn=ö\nphoto:< file:///etc/shadow\n\n"
    let read = try await LDIFExport(text, fields: [["dn"]])
    #expect(read.rows == [["cn=a"]])
    #expect(
      read.summary.findings.map(\.subject) == [
        .badRecord(format: "LDIF", problem: .urlValue, byteOffset: 20)
      ])
    #expect(read.summary.findings.map(\.origin?.line) == [3])
  }

  @Test func flippedBitsNeverCrash() async throws {
    var random = SeededGenerator(seed: 91)
    for round in 0..<300 {
      var text = Array(Self.people.utf8)
      let bit = Int.random(in: 0..<text.count * 8, using: &random)
      text[bit / 8] ^= 1 << (bit % 8)
      let read = try? await LDIFExport(text, fields: [["uid"], ["cn"]], blockSize: 1 + round)
      guard let read, try read.reader.detectedFormat() == .ldif else { continue }
      #expect(read.rows.count <= 6, "seed 91, round \(round), bit \(bit)")
    }
  }

  @Test(arguments: [
    ("dn: cn=a\n", true), ("DN:: Y249YQ==\n", true), ("# c\n  more\nversion: 1\ndn: a", true),
    ("\u{FEFF}dn: cn=a", true), ("version:v1.0\nName [displayName]", false), ("dn,cn\na,b", false),
    ("#TYPE System.Object\ndn,cn", false), ("", false),
  ])
  func itIsFoundByItsContent(text: String, isLDIF: Bool) async throws {
    let read = try await LDIFExport(text, fields: [["cn"]])
    #expect(try read.reader.detectedFormat() == (isLDIF ? .ldif : .csv))
  }
}
