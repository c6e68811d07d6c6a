import Identity
package import PlanFile
import Scanning

/// A run of added memberships that follow each other in a plan, as `StateTransaction.add` takes them.
package struct MembershipAdditions: Sendable {
  /// A membership by the ordinals of its ends.
  package struct Edge: Sendable {
    let team: UInt32
    let member: UInt32

    package init(team: UInt32, member: UInt32) {
      self.team = team
      self.member = member
    }
  }

  let operations: [Operation]
  /// Which of the operations; all of them add memberships.
  let range: Range<Int>
  /// By place of the operation.
  let grounds: [Evidence.Grounds]
  /// By place in `range`.
  let edges: [Edge]
  /// Whether they are Rollcall's doing.
  let isOurs: Bool

  package init(
    _ operations: [Operation], _ range: Range<Int>, grounds: [Evidence.Grounds], edges: [Edge],
    isOurs: Bool
  ) {
    precondition(edges.count == range.count)
    self.operations = operations
    self.range = range
    self.grounds = grounds
    self.edges = edges
    self.isOurs = isOurs
  }
}

/// The journal of some added memberships, ready to be written; made on another thread than the one that writes it.
private struct NewMemberships: Sendable {
  struct Maker: Sendable {
    let additions: MembershipAdditions
    /// The number of the first one in the journal.
    let firstNumber: Int

    static let blockSize = 1024

    var blockCount: Int { (additions.range.count + Self.blockSize - 1) / Self.blockSize }

    func block(_ number: Int) -> NewMemberships {
      let start = additions.range.lowerBound + number * Self.blockSize
      let places = start..<min(start + Self.blockSize, additions.range.upperBound)
      return NewMemberships(additions, places, firstNumber: firstNumber + number * Self.blockSize)
    }
  }

  let places: Range<Int>
  let entries: [JournaledOperation]
  /// What `JournalChain` takes in.
  let chain: [UInt8]

  private init(_ additions: MembershipAdditions, _ places: Range<Int>, firstNumber: Int) {
    self.places = places
    var salts = SaltSource()
    var chain: [UInt8] = []
    chain.reserveCapacity(places.count * 320)
    entries = places.map { place in
      let grounds = additions.grounds.indices.contains(place) ? additions.grounds[place] : nil
      let entry = JournaledOperation(
        additions.operations[place], active: nil, number: firstNumber + place - places.lowerBound,
        salt: salts.next(), origins: grounds?.origins ?? [], stateBefore: grounds?.stateBefore,
        changes: nil, deleted: nil)
      let facts = entry.facts.bytes
      chain.append(littleEndian: UInt64(facts.count))
      chain += facts
      return entry
    }
    self.chain = chain
  }
}

extension StateTransaction {
  /// Adds a run of memberships and writes them into the journal.
  ///
  /// It is what `addMembership` and `journal` would do one by one. Here one thread makes texts and digests while the
  /// other feeds SQLite. `progress` is told how many are written, never around the commit.
  package func add(
    _ additions: MembershipAdditions, progress: (Int) -> Void
  ) throws(StoreFailure) {
    try attempt { () throws(StoreFailure) in
      guard var run = openRun else { throw failure(.runNotOpen) }
      // Two copies of the run would copy its buffers at every operation.
      openRun = nil
      for edge in additions.edges {
        pendingEdges.add(team: edge.team, member: edge.member, isOurs: additions.isOurs)
      }
      let maker = NewMemberships.Maker(additions: additions, firstNumber: run.nextOperation)
      var blocks = MadeAhead(count: maker.blockCount, depth: 2) { maker.block($0) }
      while let block = blocks.next() {
        progress(block.places.lowerBound)
        for entry in block.entries { try write(entry) }
        run.chain.add(facts: block.chain)
      }
      run.nextOperation += additions.range.count
      run.counts[Operation.Kind.addMembership.rawValue, default: 0] += additions.range.count
      openRun = run
    }
  }
}
