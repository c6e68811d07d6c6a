import Glibc
import Identity
import Scanning

/// The memory of the columns of `CurrentMembers` while threads fill it, each its own seats.
///
/// ```
/// piece 0 = pages 0…127     piece 1 = pages 128…255
/// ████████████████████░░░░  ██████████████████████░░     filled; ░ = as many as were deleted there
/// ██████████████████████████████████████████             closed up
/// ```
///
/// A piece has as many seats as its pages have ordinals and fills them from its start on. Where nobody
/// was deleted, nothing moves.
@safe
struct MemberSeats: @unchecked Sendable {
  // SAFETY: in all of this file: each pointer has room for `capacity` elements for as long as the closure of
  // `CurrentMembers.init(capacity:…)` runs; seats are checked against it, and no two threads have the same ones.
  private let ordinals: UnsafeMutablePointer<UInt32>
  private let fingerprints: UnsafeMutablePointer<Fingerprint>
  private let standings: UnsafeMutablePointer<MemberStanding>
  private let owners: UnsafeMutablePointer<ExportSet>
  private let keyHashes: [UnsafeMutablePointer<UInt64>]
  let capacity: Int

  fileprivate init(
    _ ordinals: UnsafeMutablePointer<UInt32>, _ fingerprints: UnsafeMutablePointer<Fingerprint>,
    _ standings: UnsafeMutablePointer<MemberStanding>, _ owners: UnsafeMutablePointer<ExportSet>,
    _ keyHashes: [UnsafeMutablePointer<UInt64>], capacity: Int
  ) {
    unsafe self.ordinals = ordinals
    unsafe self.fingerprints = fingerprints
    unsafe self.standings = standings
    unsafe self.owners = owners
    unsafe self.keyHashes = keyHashes
    self.capacity = capacity
  }

  /// Seats the members of a stored page, from a seat on, and tells how many they are.
  ///
  /// Without `derived`, fingerprints are zero and key hashes none, whatever the page has.
  func add(_ page: Span<UInt8>, ordinal first: UInt32, at seat: Int, derived: Bool) -> Int {
    let keyCount = unsafe derived ? keyHashes.count : 0
    precondition(seat >= 0 && seat + MemberIndexPage.places <= capacity, "no such seats")
    precondition(
      page.count >= MemberIndexPage.byteCount(keyCount: keyCount), "the page is too short")
    var end = seat
    var place = 0
    while let run = MemberIndexPage.run(in: page, from: place) {
      seatFacts(of: page, run, ordinal: first + UInt32(run.lowerBound), at: end)
      if derived { seatDerived(of: page, run, at: end) } else { clear(end..<end + run.count) }
      end += run.count
      place = run.upperBound
    }
    return end - seat
  }

  /// What holds under any basis.
  private func seatFacts(
    of page: Span<UInt8>, _ run: Range<Int>, ordinal first: UInt32, at seat: Int
  ) {
    for number in 0..<run.count {
      let standing = page[run.lowerBound + number] & ~MemberIndexPage.presence
      unsafe ordinals[seat + number] = first + UInt32(number)
      unsafe standings[seat + number] = MemberStanding(rawValue: standing)
    }
    let offset = MemberIndexPage.ownersOffset(run.lowerBound)
    unsafe copy(page, from: offset, run.count, to: owners + seat)
  }

  /// What has been computed from the resource.
  private func seatDerived(of page: Span<UInt8>, _ run: Range<Int>, at seat: Int) {
    let start = run.lowerBound
    unsafe copy(
      page, from: MemberIndexPage.fingerprintOffset(start), run.count, to: fingerprints + seat)
    for key in unsafe keyHashes.indices {
      unsafe copy(
        page, from: MemberIndexPage.keyOffset(start, key: key), run.count,
        to: keyHashes[key] + seat)
    }
  }

  private func clear(_ seats: Range<Int>) {
    unsafe (fingerprints + seats.lowerBound).initialize(repeating: .zero, count: seats.count)
    for key in unsafe keyHashes.indices {
      unsafe (keyHashes[key] + seats.lowerBound).initialize(
        repeating: KeyHasher.none, count: seats.count)
    }
  }

  /// Copies a run of one column as it stands: all machines that Swift runs on are little-endian.
  private func copy<Value>(
    _ page: Span<UInt8>, from offset: Int, _ count: Int, to target: UnsafeMutablePointer<Value>
  ) {
    let bytes = page.extracting(offset..<offset + count * MemoryLayout<Value>.stride)
    unsafe bytes.withUnsafeBytes { source in
      guard let start = source.baseAddress else { return }
      unsafe UnsafeMutableRawPointer(target).copyMemory(from: start, byteCount: source.count)
    }
  }

  // MARK: One seat

  func ordinal(at seat: Int) -> UInt32 {
    precondition(seat >= 0 && seat < capacity, "no such seat")
    return unsafe ordinals[seat]
  }

  func changeFingerprint(at seat: Int, _ body: (inout Fingerprint) -> Void) {
    precondition(seat >= 0 && seat < capacity, "no such seat")
    unsafe body(&fingerprints[seat])
  }

  func setKeyHash(_ hash: UInt64, at seat: Int, key: Int) {
    precondition(seat >= 0 && seat < capacity, "no such seat")
    unsafe keyHashes[key][seat] = hash
  }

  /// Moves filled seats to the front of those that are free.
  func move(_ seats: Range<Int>, to start: Int) {
    precondition(start >= 0 && start <= seats.lowerBound && seats.upperBound <= capacity)
    guard start < seats.lowerBound else { return }
    func move<Value>(_ column: UnsafeMutablePointer<Value>) {
      unsafe (column + start).update(from: column + seats.lowerBound, count: seats.count)
    }
    unsafe move(ordinals)
    unsafe move(fingerprints)
    unsafe move(standings)
    unsafe move(owners)
    for key in unsafe keyHashes.indices { unsafe move(keyHashes[key]) }
  }
}

extension CurrentMembers {
  /// Members with room for `capacity`, of which `body` fills the first and tells how many.
  ///
  /// The memory is the final arrays': nothing is joined or copied afterwards.
  init(
    capacity: Int, keyCount: Int, filling body: (MemberSeats) throws(StoreFailure) -> Int
  ) throws(StoreFailure) {
    var outcome = Result<Int, StoreFailure>.success(0)
    var columns = CurrentMembers(keyCount: keyCount)
    var keys: [UnsafeMutablePointer<UInt64>] = unsafe []
    /// Memory for one column; it is an array once `next` has run.
    func column<Value>(_ next: (UnsafeMutablePointer<Value>) -> Void) -> [Value] {
      // SAFETY: `body` has filled as many as it tells, and all columns alike.
      unsafe Array(unsafeUninitializedCapacity: capacity) { memory, count in
        guard let start = memory.baseAddress else { return }
        unsafe LargePages.ask(for: UnsafeMutableRawBufferPointer(memory))
        unsafe next(start)
        count = min((try? outcome.get()) ?? 0, capacity)
      }
    }
    func keyColumns(_ then: () -> Void) {
      let key = unsafe keys.count
      guard key < keyCount else { return then() }
      columns.keyHashes[key] = unsafe column { memory in
        unsafe keys.append(memory)
        keyColumns(then)
      }
    }
    columns.ordinals = unsafe column { ordinals in
      columns.fingerprints = unsafe column { fingerprints in
        columns.standings = unsafe column { standings in
          columns.owners = unsafe column { owners in
            keyColumns {
              let seats = unsafe MemberSeats(
                ordinals, fingerprints, standings, owners, keys, capacity: capacity)
              outcome = Result { () throws(StoreFailure) in try body(seats) }
            }
          }
        }
      }
    }
    _ = try outcome.get()
    self = columns
  }
}
