import Identity
import Reading
import TestSupport
import Testing

/// JSON exports of every shape, and what is wrong with the others.
struct JSONReadingTests {
  /// The quote before a text tells it from a boolean.
  @Test(arguments: [4, 16, 1 << 20])
  func aBooleanIsNoText(blockSize: Int) async throws {
    let text =
      #"[{"a":true,"b":"true"},{"a": false ,"b":"fals\u0065"},{"a":[true,"true"],"b":null},"#
      + #"{"a":1234,"b":"t\rue"},{"b":{"c":true}}]"#
    let read = try await JSONExport(text, fields: [["a"], ["b"]], blockSize: blockSize)
    #expect(read.truths == [[true, nil], [false, nil], [true, nil], [nil, nil], [nil, nil]])
  }

  /// The groups of a Keycloak realm stand in each other; each is a team by its path.
  @Test(arguments: [
    #"{"realm":"main","groups":[GROUPS],"users":[]}"#, "[GROUPS]",
  ])
  func groupsWithinGroupsAreRecords(document: String) async throws {
    let groups = #"""
      {"id":"1","path":"/a","x":["subGroups",{"y":[{"id":"0"}]}],"subGroups":[
       {"id":"2","path":"/a/\"b","subGroups":[{"id":"3","path":"/a/b/c"}]},
       {"id":"4","path":"/a/d","subGroups":[]}]},
      {"id":"5","path":"/e","subGroups":[{"id":"6","id":"6"}]}, {"id":"7","path":"/f"}
      """#
    let read = try await JSONExport(
      document.replacing("GROUPS", with: groups), fields: [["id"], ["path"]], lists: ["groups"])
    #expect(
      read.rows == [["1", "/a"], ["2", "/a/\"b"], ["3", "/a/b/c"], ["4", "/a/d"], ["7", "/f"]])
    #expect(read.lines == [1, 2, 2, 3, 4])
    #expect(read.codes == ["read.duplicate-name"])
  }

  // MARK: - Shapes

  @Test(arguments: [
    #"[{"id":1},{"id":2}]"#,
    "{\"id\":1}\n{\"id\":2}\n",
    "{\"id\":1}\r\n\r\n{\"id\":2}",
    "{\n \"id\": 1\n}\n{\n \"id\": 2\n}\n",
    #"{"id":1}{"id":2}"#,
    #"{"value":[{"id":1},{"id":2}]}"#,
    #"{"@odata.context":"x","value":[{"id":1}]}"# + "\n" + #"{"value":[{"id":2}]}"#,
    #"[{"value":[{"id":1}]},{"value":[{"id":2}]}]"#,
    #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":2,"Resources":[{"id":1},{"id":2}]}"#,
    #"{"Users":[{"id":1},{"id":2}],"NextToken":null}"#,
    #"{"kind":"admin#directory#users","users":[{"id":1},{"id":2}]}"#,
    #"{"realm":"main","id":"r","groups":[{"id":9}],"users":[{"id":1},{"id":2}]}"#,
    #"{"Report_Entry":[{"id":1},{"id":2}]}"#,
    #"{"TotalItemCount":2,"HasNextPage":false,"List":[{"id":1},{"id":2}]}"#,
    "\u{FEFF}" + #"[{"id":1},{"id":2}]"#,
    "\u{FEFF}" + "{\"id\":1}\n{\"id\":2}\n",
  ])
  func recordsAreFoundInEveryShape(text: String) async throws {
    let read = try await JSONExport(text, fields: [["id"]], lists: ["users"])
    #expect(read.rows == [["1"], ["2"]])
    #expect(read.codes == [])
    #expect(read.summary.endedProperly)
  }

  @Test func aPathOfOnesOwnLeadsToTheRecords() async throws {
    let text = #"{"meta":{"n":1},"data":{"items":[{"id":1}],"users":[{"id":9}]}}"#
    let read = try await JSONExport(text, fields: [["id"]], records: ["data", "items"])
    #expect(read.rows == [["1"]])
  }

  @Test func aRecordMayHaveAListOfItsOwn() async throws {
    let text = #"{"schemas":["u"],"id":"1","groups":[{"value":"g1"},{"value":"g2"}]}"#
    let read = try await JSONExport(text, fields: [["id"], ["groups.value"]])
    #expect(read.rows == [["1", "g1|g2"]])
  }

  @Test func theWantedListOfSeveralIsRead() async throws {
    let text = #"{"realm":"r","users":[{"id":1}],"groups":[{"id":2}]}"#
    #expect(try await JSONExport(text, fields: [["id"]], lists: ["groups"]).rows == [["2"]])
  }

  // MARK: - Values

  @Test func nullAndAnEmptyListAreThereWithNothingInThem() async throws {
    let text = #"[{"a":null,"b":[],"c":""},{}]"#
    let read = try await JSONExport(text, fields: [["a"], ["b"], ["c"]])
    #expect(read.rows == [["", "", ""], ["absent", "absent", "absent"]])
  }

  @Test func theFirstOfSeveralValuesCanBeAskedFor() async throws {
    let text = #"""
      [{"phones":["1","2","3"],"mails":[{"v":"a"},{"v":"b"}]},{"phones":[],"Mails":[{"v":"c"}]},
       {"phones":"4"},{}]
      """#
    let read = try await JSONExport(
      text, fields: [["phones[1]"], ["phones"], ["mails.v[1]"], ["home", "phones[1]"]])
    #expect(
      read.rows == [
        ["1", "1|2|3", "a", "1"], ["", "", "c", ""], ["4", "4", "absent", "4"],
        ["absent", "absent", "absent", "absent"],
      ])
  }

  @Test func numbersAndWordsStayTheTextTheyAre() async throws {
    let text = #"[{"a":1.0,"b":10000000000000000999,"c":true,"d":-1e6}]"#
    let read = try await JSONExport(text, fields: [["a"], ["b"], ["c"], ["d"]])
    #expect(read.rows == [["1.0", "10000000000000000999", "true", "-1e6"]])
  }

  @Test func escapesBecomeLetters() async throws {
    let text = #"[{"a":"M\u00fcller \uD83D\uDE00 \"x\"\/\n","n\u0061me":"Bo"}]"#
    let read = try await JSONExport(text, fields: [["a"], ["name"]])
    #expect(read.rows == [["Müller 😀 \"x\"/\n", "Bo"]])
  }

  @Test func pathsLeadIntoObjectsListsAndExtensions() async throws {
    let text = #"""
      [{"name":{"givenName":"Ann"},
        "emails":[{"type":"home","value":"h@x"},{"value":"w@x","type":"Work","primary":true}],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":[{"value":"m"}]}}]
      """#
    let read = try await JSONExport(
      text,
      fields: [
        ["name.givenName"], [#"emails[type eq "work"].value"#], ["emails[primary eq true].value"],
        ["emails.value"],
        ["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value"],
      ])
    #expect(read.rows == [["Ann", "w@x", "w@x", "h@x|w@x", "m"]])
  }

  @Test func namesWithDotsSayWhatNestedOnesDo() async throws {
    let text = #"[{"name.givenName":"Ann","@odata.type":"user","urn:a:User:x":"y"}]"#
    let read = try await JSONExport(
      text, fields: [["name.givenName"], ["@odata.type"], ["urn:a:User:x"]])
    #expect(read.rows == [["Ann", "user", "y"]])
  }

  @Test func namesDifferingInCaseAloneAreOne() async throws {
    let read = try await JSONExport(#"[{"UserName":"a"},{"username":"b"}]"#, fields: [["userName"]])
    #expect(read.rows == [["a"], ["b"]])
  }

  @Test func allFieldsBecomeColumnsWithoutAWish() async throws {
    let text = #"[{"id":1,"emails":[{"type":"work","value":"a"}],"x":{"y":[]}}]"#
    let read = try await JSONExport(text)
    #expect(
      read.summary.header.names == [
        "id", "emails.type", "emails.value", #"emails[type eq "work"].value"#, "x.y",
      ])
    #expect(read.rows == [["1", "work", "a", "a", ""]])
  }

  // MARK: - Places

  @Test(arguments: [16, 100, 5000, 1 << 20])
  func linesAreThoseOfTheFile(blockSize: Int) async throws {
    let list =
      "[\n" + (1...500).map { "{\"id\":\($0),\n\"x\":\"y\"}" }.joined(separator: ",\n") + "]"
    let read = try await JSONExport(list, fields: [["id"]], blockSize: blockSize)
    #expect(read.rows.map { $0[0] } == (1...500).map { "\($0)" })
    #expect(read.lines == (1...500).map { $0 * 2 })
    let lines = (1...500).map { "{\"id\":\($0)}\n" }.joined(separator: "\n")
    let second = try await JSONExport(lines, fields: [["id"]], blockSize: blockSize)
    #expect(second.lines == (1...500).map { $0 * 2 - 1 })
    let again = try second.reader.records(numbered: [0, 499], places: second.summary.places)
    #expect(again.flatMap { PairExport.rows(of: $0.batch) } == [["1"], ["500"]])
  }

  @Test func utf16IsReadAsItWasWritten() async throws {
    let text = "[{\"id\":\"ü\"},\n{\"id\":\"a\",\"id\":\"b\"}]"
    var bytes: [UInt8] = [0xFF, 0xFE]
    for unit in text.utf16 { bytes += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
    let read = try await JSONExport([bytes], fields: [["id"]], format: nil)
    #expect(read.rows == [["ü"]])
    #expect(read.summary.findings.map(\.subject) == [.duplicateName(name: "id", byteOffset: 50)])
  }

  // MARK: - What is wrong

  @Test func aDuplicateNameSetsItsRecordAside() async throws {
    let text = #"[{"id":"1","active":true,"\u0061ctive":false},{"id":"2"}]"#
    let read = try await JSONExport(text, fields: [["id"], ["active"], ["mail"]])
    #expect(read.rows == [["2", "absent", "absent"]])
    #expect(read.codes == ["read.duplicate-name"])
    #expect(read.summary.quarantined.map(\.cells) == [["1", nil, ""]])
    #expect(read.summary.endedProperly)
  }

  @Test func aDuplicateNameSomewhereElseCountsToo() async throws {
    let text = #"[{"id":"1","x":{"y":[{"z":1,"z":2}]}}]"#
    let read = try await JSONExport(text, fields: [["id"]])
    #expect(read.codes == ["read.duplicate-name"])
    #expect(read.summary.quarantined.map(\.cells) == [["1"]])
  }

  @Test func aDuplicateNameAroundTheRecordsRefusesTheFile() async throws {
    let text = #"{"value":[{"id":1}],"value":[{"id":2}]}"#
    await #expect(throws: ReadFailure.self) { try await JSONExport(text, fields: [["id"]]) }
  }

  @Test(arguments: [10, 200, 300, 5000])
  func duplicatesAreFoundAmongManyNames(count: Int) async throws {
    let members = (0..<count).map { "\"n\($0)\":\($0)" }
    let twice = members + ["\"n\(count - 1)\":0"]
    let text = "[{\(members.joined(separator: ","))},{\(twice.joined(separator: ","))}]"
    let read = try await JSONExport(text, fields: [["n0"], ["n\(count - 2)"]])
    #expect(read.rows == [["0", "\(count - 2)"]])
    #expect(read.codes == ["read.duplicate-name"])
  }

  @Test func halfAPairOfSurrogatesIsNoLetter() async throws {
    let text = #"[{"id":"1","n":"\uD800"},{"id":"2","n":"\uDC00x"},{"id":"3","n":"\uD800\u0041"}]"#
    let read = try await JSONExport(text, fields: [["id"], ["n"]])
    #expect(read.codes == ["read.bad-record", "read.bad-record", "read.bad-record"])
    #expect(read.summary.quarantined.map(\.cells) == [["1", nil], ["2", nil], ["3", nil]])
  }

  @Test func whatIsNotUTF8IsSetAside() async throws {
    let bytes = Array(#"[{"id":"a"#.utf8) + [0xC0, 0xAF] + Array(#""},{"id":"b"}]"#.utf8)
    let read = try await JSONExport([bytes], fields: [["id"]])
    #expect(read.rows == [["b"]])
    #expect(
      read.summary.findings.map(\.subject)
        == [.badRecord(format: "JSON", problem: .invalidUTF8, byteOffset: 9)])
  }

  @Test func nulIsNoValue() async throws {
    let read = try await JSONExport(#"[{"id":"admin\u0000x"}]"#, fields: [["id"]])
    #expect(read.rows == [])
    #expect(read.codes == ["read.nul-byte"])
  }

  @Test func aBadLineIsSetAsideAndTheNextOneRead() async throws {
    let read = try await JSONExport("{\"id\":1}\n{\"id\":01}\n7\n{\"id\":3}\n", fields: [["id"]])
    #expect(read.rows == [["1"], ["3"]])
    #expect(read.codes == ["read.bad-record", "read.bad-record"])
    #expect(read.summary.anonymousLines == 2)
    #expect(read.summary.endedProperly)
  }

  @Test(arguments: [
    #"[{"id":1},{"id":01}]"#, #"[{"id":1},{"id":2,}]"#, #"[{"id":1},{"id":2}"#,
    #"{"value":[{"id":1}]"#, "{\"id\":1}\n{\"id\":", #"[{"id":1},{"a":"\x"}]"#,
    #"[{"id":1}]x"#, "[{\"id\":1}]\n\"x\n", #"[{"id":1},{"a":[}]]"#,
    #"{"value":[{"id":1}],"n":01}"#,
  ])
  func aBrokenDocumentIsNotWhole(text: String) async throws {
    let read = try await JSONExport(text, fields: [["id"]])
    #expect(read.rows.first == ["1"])
    #expect(!read.summary.endedProperly)
    #expect(read.codes == ["read.broken-document"])
  }

  @Test func everyCutOfADocumentIsNoticed() async throws {
    let whole = #"{"value":[{"id":"1","n":{"m":[1,"ü\n"]}},{"id":"2"}],"x":null}"#
    for length in 1..<whole.utf8.count {
      let read = try await JSONExport([Array(whole.utf8.prefix(length))], fields: [["id"]])
      #expect(!read.summary.endedProperly, "\(whole.utf8.prefix(length))")
    }
  }

  @Test func depthIsLimited() async throws {
    let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
    let read = try await JSONExport(#"[{"id":1,"a":"# + deep + #"},{"id":2}]"#, fields: [["id"]])
    #expect(read.rows == [["2"]])
    #expect(
      read.summary.findings.map(\.subject)
        == [.badRecord(format: "JSON", problem: .tooDeep, byteOffset: 76)])
  }

  @Test func sizesAreLimited() async throws {
    let long = String(repeating: "x", count: 2000)
    let text = "[{\"id\":\"1\",\"a\":\"\(long)\"},{\"id\":\"2\"}]"
    let short = try await JSONExport(text, fields: [["id"], ["a"]], limits: .init(field: 1999))
    #expect(short.rows == [["2", "absent"]])
    #expect(short.summary.quarantined.map(\.cells) == [["1", nil]])
    let many = "[" + String(repeating: "{\"id\":1},", count: 3000) + text.dropFirst()
    let cut = try await JSONExport(
      many, fields: [["id"]], blockSize: 512, limits: .init(record: 600))
    #expect(cut.rows.count == 3000)
    #expect(cut.codes == ["read.record-too-long"])
    #expect(!cut.summary.endedProperly)
  }

  // MARK: - Pages

  @Test func aPageThatHasOthersAfterItIsNotTheWhole() async throws {
    let first = #"{"@odata.nextLink":"https://…","value":[{"id":1}]}"#
    let second = #"{"value":[{"id":2}]}"#
    let half = try await JSONExport(first, fields: [["id"]])
    #expect(half.summary.isIncomplete)
    #expect(half.codes == ["health.more-pages"])
    #expect(try await !JSONExport(first, second, fields: [["id"]]).summary.isIncomplete)
    #expect(try await !JSONExport("[\(first),\(second)]", fields: [["id"]]).summary.isIncomplete)
  }

  @Test func fewerRecordsThanStatedAreNotTheWhole() async throws {
    let text = #"{"totalResults":3,"Resources":[{"id":1},{"id":2}]}"#
    let read = try await JSONExport(text, fields: [["id"]])
    #expect(read.summary.findings.map(\.subject) == [.fewerThanStated(now: 2, stated: 3)])
  }

  @Test func aPageWithoutTheListIsAnError() async throws {
    let text = #"{"value":[{"id":1}]}"# + "\n" + #"{"error":{"code":"Throttled"}}"#
    let read = try await JSONExport(text, fields: [["id"]])
    #expect(read.codes == ["read.broken-document"])
    #expect(!read.summary.endedProperly)
  }

  /// More than the reader learns of by itself.
  @Test func anyNumberOfFieldsMayBeAskedFor() async throws {
    let count = 5_000
    let members = (0..<count).map { #""k\#($0)":"\#($0)""# }.joined(separator: ",")
    let fields = (0..<count).map { ["map.k\($0)"] } + [["last"]]
    let read = try await JSONExport(#"[{"map":{\#(members)},"last":"z"}]"#, fields: fields)
    #expect(read.rows == [(0..<count).map(String.init) + ["z"]])
  }
}
