import Identity
import Scanning

/// The table `member_index` inside a transaction: members are changed one at a time, in place.
///
/// ```
/// try index.put(entry, at: 770)           its page is made if need be
/// try index.addOwners(people, to: 770)    eight bytes are read, eight are written
/// try index.close()                       before the commit, or before whole pages are written
/// ```
///
/// What is not a member is left alone by every change but `put`.
final class MemberIndex {
  private let statements: StatementCache
  /// On the page that was changed last.
  private var blob: SQLBlob?

  init(_ statements: StatementCache) {
    self.statements = statements
  }

  /// Lets go of the page that is open.
  func close() {
    blob = nil
  }

  // MARK: One member

  func put(_ entry: MemberIndexPage.Entry, at ordinal: UInt32) throws(StoreFailure) {
    let place = MemberIndexPage.place(ofOrdinal: ordinal)
    let page = try open(
      MemberIndexPage.number(ofOrdinal: ordinal), keyCount: entry.keyHashes.count)
    try page.write(entry.standing.rawValue | MemberIndexPage.presence, at: place)
    try page.write(entry.owners.rawValue, at: MemberIndexPage.ownersOffset(place))
    let fingerprint = MemberIndexPage.fingerprintOffset(place)
    try page.write(entry.fingerprint.low, at: fingerprint)
    try page.write(entry.fingerprint.high, at: fingerprint + 8)
    for (key, hash) in entry.keyHashes.enumerated() {
      try page.write(hash, at: MemberIndexPage.keyOffset(place, key: key))
    }
  }

  func addOwners(_ owners: ExportSet, to ordinal: UInt32) throws(StoreFailure) {
    guard let page = try existing(ordinal) else { return }
    let offset = MemberIndexPage.ownersOffset(MemberIndexPage.place(ofOrdinal: ordinal))
    let before = ExportSet(rawValue: try page.read(UInt64.self, at: offset))
    try page.write(before.union(owners).rawValue, at: offset)
  }

  func setStanding(_ standing: MemberStanding, of ordinal: UInt32) throws(StoreFailure) {
    try existing(ordinal)?.write(
      standing.rawValue | MemberIndexPage.presence,
      at: MemberIndexPage.place(ofOrdinal: ordinal))
  }

  /// Leaves zeros where the member was: nothing of it stays behind.
  func remove(_ ordinal: UInt32) throws(StoreFailure) {
    guard let page = try existing(ordinal) else { return }
    let place = MemberIndexPage.place(ofOrdinal: ordinal)
    let keyCount = MemberIndexPage.keyCount(byteCount: page.count) ?? 0
    let nobody = MemberIndexPage.Entry(
      standing: [], owners: [], keyHashes: Array(repeating: KeyHasher.none, count: keyCount))
    try put(nobody, at: ordinal)
    try page.write(UInt8(0), at: place)
  }

  /// The page of a member; nil when there is no such member.
  private func existing(_ ordinal: UInt32) throws(StoreFailure) -> SQLBlob? {
    let number = MemberIndexPage.number(ofOrdinal: ordinal)
    guard let page = try open(number) else { return nil }
    guard MemberIndexPage.keyCount(byteCount: page.count) != nil else { throw damaged(number) }
    let standing = try page.read(
      UInt8.self, at: MemberIndexPage.place(ofOrdinal: ordinal))
    return standing & MemberIndexPage.presence != 0 ? page : nil
  }

  /// The page of a new or changed member.
  private func open(_ number: Int, keyCount: Int) throws(StoreFailure) -> SQLBlob {
    if let page = try open(number) {
      guard page.count == MemberIndexPage.byteCount(keyCount: keyCount) else {
        throw damaged(number)
      }
      return page
    }
    try write(MemberIndexPage(keyCount: keyCount), number: number)
    guard let page = try open(number) else { throw damaged(number) }
    return page
  }

  private func open(_ number: Int) throws(StoreFailure) -> SQLBlob? {
    if let blob {
      if blob.row == number { return blob }
      if try blob.move(to: number) { return blob }
    }
    blob = try SQLBlob("member_index", "entries", on: statements.connection, row: number)
    return blob
  }

  // MARK: Whole pages

  /// The numbers of all pages, ascending.
  func numbers() throws(StoreFailure) -> [Int] {
    try statements("SELECT page FROM member_index ORDER BY page").all { $0.integer(0) }
  }

  func page(_ number: Int) throws(StoreFailure) -> MemberIndexPage? {
    let bytes = try statements("SELECT entries FROM member_index WHERE page = ?")
      .bind(number, at: 1).first { $0.bytes(0) }
    guard let bytes else { return nil }
    guard let page = MemberIndexPage(bytes) else { throw damaged(number) }
    return page
  }

  /// Writes a page in the place of the one that is there, if any.
  func write(_ page: MemberIndexPage, number: Int) throws(StoreFailure) {
    close()
    try statements("INSERT OR REPLACE INTO member_index VALUES (?, ?)")
      .bind(number, at: 1).bind(page.bytes, at: 2).run()
  }

  private func damaged(_ number: Int) -> StoreFailure {
    .damagedPage(number, path: statements.connection.path)
  }
}

extension StoreFailure {
  /// A page of `member_index` that has another length than its members' keys make.
  static func damagedPage(_ number: Int, path: String) -> StoreFailure {
    StoreFailure(
      .corrupt(detail: "page \(number) of the member index is damaged"), path: path)
  }
}
