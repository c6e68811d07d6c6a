import GRDB

/// The tables of a state, so that a person with the `sqlite3` shell finds their way.
///
/// ```
/// member ──────── member_index      resource as JSON │ fingerprint, standing, owners, key hashes; 256 members a page
///    ├─ member_id, member_key       who has this id, who holds this value
///    ╰─ member_name                 id and user name, 256 members a page
/// team ────────── team_index
/// membership                        (team, member, ours), by member
/// team_members                      the same by team, packed
/// run ─┬─ operation ─ operation_value    what was done │ the values, which can be erased
///      ╰─ operation_pack                 many creates of one run, packed
/// ```
///
/// `SELECT resource ->> 'userName' FROM member` shows the members by name. `member_index` is packed
/// (`MemberIndexPage` draws it): 256 members a row, so that a million are loaded as fast as memory is copied.
/// The standing of member 770 is `SELECT hex(substr(entries, 770 % 256 + 1, 1)) FROM member_index WHERE
/// page = 770 / 256`. `team_members` is packed, too (`TeamMembers` draws it); people read `membership`, which says the same.
///
/// People read the journal in the view `journal`, which shows every operation, packed or not:
///
/// ```
/// SELECT DISTINCT subject FROM journal WHERE name = 'ann@contoso.com'     her ID
/// UPDATE journal SET name = NULL WHERE 'ID' IN (subject, other)           erases her from the journal
/// ```
///
/// Not by name: she may have been called otherwise, and memberships have her as the `other`. An erasure takes the values and their salt away, and first puts the operations of a pack into rows of their own
/// (`OperationPack` draws one); the chain of heads still verifies.
enum StateSchema {
  /// `application_id` of the file: "Roll".
  static let applicationID = 0x526F_6C6C
  /// `user_version` of the file; grows with each migration.
  static let version = 7

  /// Where the steps stand that a file has been through; the migrator keeps it.
  static let stepTable = "grdb_migrations"

  /// Brings the file at `path` to `version`, each step in a transaction of its own.
  static func migrator(path: String) -> DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 first") { database in
      try database.execute(sql: members + teams + memory + journal)
      try database.execute(
        sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = 1")
      try StateOrigin.random().write(to: SQLConnection(database, path: path))
    }
    migrator.registerMigration("2 index in pages") { database in
      try MemberIndexPacking.pack(SQLConnection(database, path: path))
      try database.execute(sql: "PRAGMA user_version = 2")
    }
    migrator.registerMigration("3 shares of exports") { database in
      try database.execute(sql: shares + "PRAGMA user_version = 3")
    }
    migrator.registerMigration("4 awaited references") { database in
      try database.execute(sql: awaitedReferences + "PRAGMA user_version = 4")
    }
    migrator.registerMigration("5 members of teams in one piece") { database in
      try MembershipPacking.pack(SQLConnection(database, path: path))
      try database.execute(sql: "PRAGMA user_version = 5")
    }
    migrator.registerMigration("6 creates in packs") { database in
      try database.execute(sql: packs + journalView + "PRAGMA user_version = 6")
    }
    migrator.registerMigration("7 names of members in pages") { database in
      try MemberNames.pack(SQLConnection(database, path: path))
      try database.execute(sql: "PRAGMA user_version = 7")
    }
    return migrator
  }

  /// `member_index` stands apart because a scan of all fingerprints should not read all resources;
  /// step 2 packs what is here one row a member.
  ///
  /// `member_id` is the unique index of ids, kept by hand so that a bulk load can fill it in order.
  private static let members = """
    CREATE TABLE setting (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE export (
      number INTEGER PRIMARY KEY CHECK (number BETWEEN 0 AND 63), name TEXT NOT NULL UNIQUE) STRICT;

    CREATE TABLE member (ordinal INTEGER PRIMARY KEY, resource TEXT NOT NULL) STRICT;
    CREATE TABLE member_id (id TEXT PRIMARY KEY, ordinal INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE member_index (
      ordinal INTEGER PRIMARY KEY, standing INTEGER NOT NULL, owners INTEGER NOT NULL,
      fingerprint BLOB NOT NULL, keys BLOB NOT NULL) STRICT;
    CREATE TABLE key_kind (number INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE member_key (
      kind INTEGER NOT NULL, value BLOB NOT NULL, ordinal INTEGER NOT NULL,
      PRIMARY KEY (kind, value, ordinal)) STRICT, WITHOUT ROWID;

    """

  /// `membership` stands by team here; step 5 has it stand by member.
  private static let teams = """
    CREATE TABLE team (ordinal INTEGER PRIMARY KEY, resource TEXT NOT NULL) STRICT;
    CREATE TABLE team_id (id TEXT PRIMARY KEY, ordinal INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE team_index (
      ordinal INTEGER PRIMARY KEY, owners INTEGER NOT NULL, claims INTEGER NOT NULL,
      edge_fingerprint BLOB NOT NULL, edge_count INTEGER NOT NULL) STRICT;
    CREATE TABLE membership (
      team INTEGER NOT NULL, member INTEGER NOT NULL, ours INTEGER NOT NULL,
      PRIMARY KEY (team, member)) STRICT, WITHOUT ROWID;
    CREATE INDEX membership_of_member ON membership (member);

    """

  /// What one run must remember for the next.
  private static let memory = """
    CREATE TABLE absence (
      member INTEGER PRIMARY KEY, count INTEGER NOT NULL, export_digest TEXT NOT NULL,
      counted_at INTEGER NOT NULL) STRICT;
    CREATE TABLE hold (subject TEXT PRIMARY KEY, since INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE baseline (
      export INTEGER PRIMARY KEY, columns TEXT NOT NULL, record_count INTEGER NOT NULL,
      file_count INTEGER NOT NULL, digest TEXT NOT NULL) STRICT;
    CREATE TABLE delta_position (export INTEGER PRIMARY KEY, position TEXT NOT NULL) STRICT;
    CREATE TABLE tombstone (id TEXT PRIMARY KEY, run INTEGER) STRICT, WITHOUT ROWID;
    CREATE TABLE used_approval (
      serial TEXT PRIMARY KEY, run INTEGER NOT NULL, approver TEXT NOT NULL, reason TEXT NOT NULL,
      used_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE marker (
      one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL, plan TEXT NOT NULL,
      breached TEXT NOT NULL) STRICT;

    """

  /// `health` is a JSON object: encoding, shares of columns, and what else a good run looked like.
  ///
  /// An export that a person has accepted has no good run to be compared with, and yet may remove.
  private static let shares = """
    ALTER TABLE baseline ADD COLUMN health TEXT NOT NULL DEFAULT '{}';
    CREATE TABLE accepted_export (export INTEGER PRIMARY KEY) STRICT;

    """

  /// Whom members wait for: what records of changes have named and nobody could be found for.
  private static let awaitedReferences = """
    CREATE TABLE awaited_reference (
      member INTEGER NOT NULL, attribute TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
      export INTEGER NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL,
      PRIMARY KEY (member, attribute)) STRICT, WITHOUT ROWID;

    """

  /// Names and values of people stand in `operation_value` and `run_evidence` alone, and since step 6 in `operation_pack`.
  ///
  /// Deleting such a row erases the person there, and the chain of heads still verifies.
  private static let journal = """
    CREATE TABLE run (
      number INTEGER PRIMARY KEY, outcome TEXT NOT NULL, started INTEGER NOT NULL,
      finished INTEGER NOT NULL, plan TEXT NOT NULL, policy TEXT NOT NULL, approval TEXT,
      member_attributes TEXT NOT NULL, team_attributes TEXT NOT NULL,
      first_operation INTEGER NOT NULL, operation_count INTEGER NOT NULL, counts TEXT NOT NULL,
      evidence_digest BLOB NOT NULL, head TEXT NOT NULL) STRICT;
    CREATE TABLE run_evidence (
      run INTEGER PRIMARY KEY, salt BLOB NOT NULL, evidence BLOB NOT NULL) STRICT;
    CREATE TABLE operation (
      number INTEGER PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, other TEXT,
      situation TEXT NOT NULL, classes INTEGER NOT NULL, rule TEXT NOT NULL, origins TEXT,
      state_before TEXT, digest BLOB NOT NULL) STRICT;
    CREATE TABLE operation_value (
      number INTEGER PRIMARY KEY, salt BLOB NOT NULL, name TEXT NOT NULL, other_name TEXT,
      before TEXT, after TEXT) STRICT;
    """

  private static let packs = """
    CREATE TABLE operation_pack (
      first INTEGER PRIMARY KEY, count INTEGER NOT NULL, kind TEXT NOT NULL,
      situation TEXT NOT NULL, classes INTEGER NOT NULL, rule TEXT NOT NULL,
      subjects BLOB NOT NULL, names TEXT NOT NULL, files TEXT NOT NULL, places TEXT NOT NULL,
      lines TEXT NOT NULL, digests BLOB NOT NULL, salts BLOB NOT NULL) STRICT;

    """

  /// For people; the program itself reads the tables (`JournalCursor`).
  ///
  /// Of the functions for JSON only `json_each` is trusted by every SQLite to stand in a view.
  private static let journalView = """
    CREATE VIEW operation_unpacked AS
      SELECT first, count, first + name.key AS number, kind,
        lower(printf('%s-%s-%s-%s-%s',
          hex(substr(subjects, name.key * 16 + 1, 4)), hex(substr(subjects, name.key * 16 + 5, 2)),
          hex(substr(subjects, name.key * 16 + 7, 2)), hex(substr(subjects, name.key * 16 + 9, 2)),
          hex(substr(subjects, name.key * 16 + 11, 6)))) AS subject,
        name.atom AS name, situation, classes, rule,
        '[' || (
            SELECT substr(value, 1, length(value) - 1) FROM json_each(files)
            WHERE key = CAST(substr(
              places, name.key * (length(places) / count) + 1, length(places) / count) AS INTEGER))
          || ',' || CAST(substr(
            lines, name.key * (length(lines) / count) + 1, length(lines) / count) AS INTEGER)
          || ']]' AS origins,
        substr(digests, name.key * 32 + 1, 32) AS digest,
        substr(salts, name.key * 16 + 1, 16) AS salt
      FROM operation_pack, json_each(names) AS name;
    CREATE VIEW journal AS
      SELECT number, kind, subject, name, other, other_name, situation, classes, rule, origins,
        state_before, before, after
      FROM operation LEFT JOIN operation_value USING (number)
      UNION ALL
      SELECT number, kind, subject, name, NULL, NULL, situation, classes, rule, origins,
        NULL, NULL, NULL
      FROM operation_unpacked;
    CREATE TRIGGER journal_erasure INSTEAD OF UPDATE OF name ON journal BEGIN
      SELECT RAISE(ABORT, 'a name can only be erased: SET name = NULL') WHERE NEW.name IS NOT NULL;
      INSERT INTO operation
        SELECT number, kind, subject, NULL, situation, classes, rule, origins, NULL, digest
        FROM operation_unpacked
        WHERE first = (SELECT max(first) FROM operation_pack WHERE first <= OLD.number)
          AND OLD.number < first + count;
      INSERT INTO operation_value
        SELECT number, salt, name, NULL, NULL, NULL
        FROM operation_unpacked
        WHERE first = (SELECT max(first) FROM operation_pack WHERE first <= OLD.number)
          AND OLD.number < first + count;
      DELETE FROM operation_pack
        WHERE first = (SELECT max(first) FROM operation_pack WHERE first <= OLD.number)
          AND OLD.number < first + count;
      DELETE FROM operation_value WHERE number = OLD.number;
    END;

    """
}
