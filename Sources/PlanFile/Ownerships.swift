import Identity

extension Bookkeeping {
  /// Who comes to own what, in order; newcomers that follow each other in their columns take no memory of their own.
  ///
  /// ```
  /// staff owns ann │ newcomers 0 ..< 1000000 │ staff owns bob
  /// ```
  ///
  /// A list of a million ownerships took 16 MB, and whoever looked for others in it went through all of them.
  package struct Ownerships: Sendable {
    enum Piece: Sendable {
      case one(Ownership)
      case newcomers(Newcomers, first: Int, count: Int)

      var count: Int { if case .newcomers(_, _, let count) = self { count } else { 1 } }

      subscript(offset: Int) -> Ownership {
        switch self {
        case .one(let ownership): ownership
        case .newcomers(let newcomers, let first, _): Ownership(of: newcomers, at: first + offset)
        }
      }
    }

    private(set) var pieces: [Piece] = []
    /// How many ownerships there are up to the end of each piece.
    private var ends: [Int] = []

    package init() {}

    package init(_ ownerships: some Sequence<Ownership>) {
      for ownership in ownerships { append(ownership) }
    }

    package mutating func append(_ ownership: Ownership) {
      guard let (newcomers, place) = ownership.newcomer else { return append(.one(ownership)) }
      append(newcomers, at: place)
    }

    /// The ownership of a newcomer.
    package mutating func append(_ newcomers: Newcomers, at place: Int) {
      if case .newcomers(let last, let first, let count) = pieces.last, last === newcomers,
        first + count == place
      {
        pieces[pieces.count - 1] = .newcomers(last, first: first, count: count + 1)
        ends[ends.count - 1] += 1
      } else {
        append(.newcomers(newcomers, first: place, count: 1))
      }
    }

    private mutating func append(_ piece: Piece) {
      ends.append(count + piece.count)
      pieces.append(piece)
    }

    package static func += (list: inout Ownerships, others: some Sequence<Ownership>) {
      for ownership in others { list.append(ownership) }
    }

    /// All but those of newcomers, which are told by the creates of their subjects.
    package var ofOthers: [Ownership] {
      pieces.compactMap { if case .one(let ownership) = $0 { ownership } else { nil } }
    }

    /// The names of the exports that come to own members, in the order in which they do first.
    package var memberExports: [String] {
      var names: [String] = []
      func note(_ name: String) { if !names.contains(name) { names.append(name) } }
      for piece in pieces {
        switch piece {
        case .one(let ownership):
          if ownership.kind == .member { note(ownership.export) }
        case .newcomers(let newcomers, let first, let count):
          var last: UInt8?
          for record in newcomers.records[first..<first + count] where record.export != last {
            last = record.export
            note(newcomers.exports[Int(record.export)])
          }
        }
      }
      return names
    }

    /// The newcomers that follow each other first, with the places of their ownerships.
    var firstNewcomers: SharedRun<Newcomers>? {
      for (index, piece) in pieces.enumerated() {
        guard case .newcomers(let newcomers, let first, let count) = piece else { continue }
        return SharedRun(
          owner: newcomers, range: ends[index] - count..<ends[index],
          places: (first..<first + count).map { UInt32($0) })
      }
      return nil
    }
  }
}

extension Bookkeeping.Ownerships: RandomAccessCollection {
  package var startIndex: Int { 0 }
  package var endIndex: Int { ends.last ?? 0 }

  package subscript(position: Int) -> Bookkeeping.Ownership {
    // The first piece that ends behind the position.
    var (low, high) = (0, ends.count)
    while low < high {
      let middle = (low + high) / 2
      if ends[middle] <= position { low = middle + 1 } else { high = middle }
    }
    return pieces[low][position - (ends[low] - pieces[low].count)]
  }
}

extension Bookkeeping.Ownerships: ExpressibleByArrayLiteral {
  package init(arrayLiteral ownerships: Bookkeeping.Ownership...) { self.init(ownerships) }
}

extension Bookkeeping.Ownerships: Hashable {
  package static func == (left: Self, right: Self) -> Bool { left.elementsEqual(right) }

  package func hash(into hasher: inout Hasher) { hasher.combine(count) }
}
