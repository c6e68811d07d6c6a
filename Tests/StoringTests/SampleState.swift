import GRDB
import Identity
import PlanFile
import Scanning
import TestSupport

import struct Foundation.Data

@testable import Storing

/// A state in a folder of its own, with attributes, keys and members to fill it with.
struct SampleState {
  let folder: TemporaryFolder
  var path: String { folder.path + "/rollcall.state" }

  init() throws {
    folder = try TemporaryFolder()
  }

  static let attributes = set([
    "active", "displayName", "emails[type eq \"work\"].value", "externalId", "name.givenName",
    "title", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "userName",
  ])

  static let basis = IndexBasis(
    attributes: attributes, keys: [key("externalId"), key("userName")],
    unique: [key("emails[type eq \"work\"].value")])

  static func set(_ paths: [String]) -> AttributeSet {
    AttributeSet(
      paths.compactMap { text in
        (try? AttributePath(parsing: text)).map {
          ManagedAttribute(path: $0, kind: $0 == .active ? .boolean : .string)
        }
      })
  }

  static func key(_ text: String) -> MatchKey {
    let known = attributes.ids.first { attributes[$0].path.description == text }
    let id = known ?? AttributeID(0)
    return MatchKey(path: attributes[id].path, id: id)
  }

  static func id(_ name: String) -> ResourceID { ResourceID("id-of-\(name)") }

  /// `ann` has the user name ann@contoso.com, the external id E-ann, and the title given.
  static func member(_ name: String, title: String = "Buyer", id: ResourceID? = nil)
    -> ResourceDocument
  {
    var document = ResourceDocument()
    document.setTopLevel("id", to: .string((id ?? Self.id(name)).description))
    document.setTopLevel(
      "schemas", to: .array([.string("urn:ietf:params:scim:schemas:core:2.0:User")]))
    for (path, value) in [
      ("active", "true"), ("externalId", "E-\(name)"), ("title", title),
      ("userName", "\(name)@contoso.com"),
      ("emails[type eq \"work\"].value", "\(name)@contoso.com"),
    ] {
      document.set(attributes[key(path).id], to: value)
    }
    return document
  }

  static func team(_ name: String) -> ResourceDocument {
    ResourceDocument(.object(["displayName": .string(name), "id": .string("team-\(name)")]))
  }

  func open(_ access: StateStore.Access = .writing) throws -> StateStore {
    try StateStore.open(path, as: access)
  }

  /// Opens the state for writing with these members in it.
  func open(members names: [String]) throws -> StateStore {
    let store = try open()
    try store.write { state in
      try state.rebase(Self.basis)
      for name in names {
        try state.insertMember(Self.member(name), standing: .active, owners: [])
      }
    }
    return store
  }

  /// Changes the file behind Rollcall's back.
  func tamper(_ sql: String) throws {
    try DatabaseQueue(path: path).write { try $0.execute(sql: sql) }
  }

  /// What every pack of the journal says, in rows of its own.
  static let unpacking = """
    INSERT INTO operation
      SELECT number, kind, subject, NULL, situation, classes, rule, origins, NULL, digest
      FROM operation_unpacked;
    INSERT INTO operation_value
      SELECT number, salt, name, NULL, NULL, NULL FROM operation_unpacked;
    DELETE FROM operation_pack;
    """

  /// Turns a closed state into what version 5 would have left: no packs, and no pages of names.
  func turnBackToVersion5() throws {
    try tamper(
      Self.unpacking + """
        DROP VIEW journal; DROP VIEW operation_unpacked; DROP TABLE operation_pack;
        DROP TABLE member_name;
        DELETE FROM grdb_migrations WHERE identifier LIKE '6 %' OR identifier LIKE '7 %';
        PRAGMA user_version = 5;
        """)
  }

  /// The version that the file says it has.
  func version() throws -> Int? {
    try DatabaseQueue(path: path).read { try Int.fetchOne($0, sql: "PRAGMA user_version") }
  }

  /// Turns a closed state into what version 1 would have left: an index of one row a member.
  func unpackIndex() throws {
    let store = try open(.reading)
    let members: [(CurrentMember, [UInt64])] = try store.read { statements throws(StoreFailure) in
      let index = MemberIndex(statements)
      var found: [(CurrentMember, [UInt64])] = []
      for member in try StateQueries(statements).members(above: -1, limit: .max) {
        let ordinal = member.resource.ordinal
        let page = try index.page(MemberIndexPage.number(ofOrdinal: ordinal))
        let entry = page?[MemberIndexPage.place(ofOrdinal: ordinal)]
        found.append((member, entry?.keyHashes ?? []))
      }
      return found
    }
    try store.close()
    try DatabaseQueue(path: path).write { database in
      try database.execute(
        sql: """
          DROP TABLE member_index;
          CREATE TABLE member_index (
            ordinal INTEGER PRIMARY KEY, standing INTEGER NOT NULL, owners INTEGER NOT NULL,
            fingerprint BLOB NOT NULL, keys BLOB NOT NULL) STRICT;
          DELETE FROM grdb_migrations WHERE identifier LIKE '2 %';
          PRAGMA user_version = 1;
          """)
      for (member, hashes) in members {
        var keys: [UInt8] = []
        for hash in hashes { keys.append(littleEndian: hash) }
        try database.execute(
          sql: "INSERT INTO member_index VALUES (?, ?, ?, ?, ?)",
          arguments: [
            Int(member.resource.ordinal), Int(member.standing.rawValue), member.owners.stored,
            Data(member.fingerprint.storedBytes), Data(keys),
          ])
      }
    }
  }

  /// Leaves the file as a bulk load that was killed at its end would.
  func leaveLog() throws {
    try DatabaseQueue(path: path).writeWithoutTransaction {
      try $0.execute(sql: "PRAGMA journal_mode = DELETE")
    }
  }

  /// Every row of every table, as text, in the order of the tables' keys.
  func dump(_ tables: [String]) throws -> [String] {
    try DatabaseQueue(path: path).read { database in
      try tables.flatMap { table in
        try Row.fetchAll(database, sql: "SELECT * FROM \(table)").map { "\(table) \($0)" }
      }
    }
  }
}

extension SampleState {
  static func start(_ plan: String = "p1") -> RunStart {
    RunStart(
      startedAt: 100, planName: LateText(plan), policyDigest: "d", approval: nil,
      memberAttributes: attributes, teamAttributes: set(["displayName"]),
      evidence: Array("evidence of \(plan)".utf8))
  }

  static func operation(
    _ name: String, _ action: Operation.Action, _ situation: Situation = .joiner,
    classes: ChangeClass = []
  ) -> Operation {
    Operation(
      subject: SubjectRef(id: id(name), name: "\(name)@contoso.com"), action: action,
      situation: situation, classes: classes, rule: "people.rule")
  }

  static func change(_ path: String, _ before: String?, _ after: String?) -> AttributeChange {
    AttributeChange(attribute: attributes[key(path).id], before: before, after: after)
  }

  static func image(of document: ResourceDocument) -> AttributeImage {
    document.image(of: attributes)
  }
}
