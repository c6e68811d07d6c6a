extension TableChanges {
  /// The forms a comparison can be written in.
  package enum Form: String, Sendable, Hashable, CaseIterable {
    case text
    case json
    case csv
  }

  /// Writes everything that differs, piece by piece.
  ///
  /// - Parameters:
  ///   - form: for people, for programs, or for spreadsheets.
  ///   - sink: takes the pieces in order; none is empty.
  /// - Throws: what `sink` throws.
  package func write<Failure: Error>(
    as form: Form, to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    var page = Page()
    page.begin(self, form)
    for (index, row) in rows.enumerated() {
      page.add(row, of: self, form, isLast: index == rows.count - 1)
      if page.bytes.count >= Page.size {
        try sink(page.bytes)
        page.bytes.removeAll(keepingCapacity: true)
      }
    }
    page.end(self, form)
    if !page.bytes.isEmpty { try sink(page.bytes) }
  }

  /// A piece of output in the making.
  struct Page {
    static let size = 1 << 16

    var bytes: [UInt8] = []

    mutating func begin(_ changes: TableChanges, _ form: Form) {
      switch form {
      case .text: beginText(changes)
      case .json: beginJSON(changes)
      case .csv: beginCSV(changes)
      }
    }

    mutating func add(_ row: Row, of changes: TableChanges, _ form: Form, isLast: Bool) {
      switch form {
      case .text: addText(row, of: changes)
      case .json: addJSON(row, of: changes, isLast: isLast)
      case .csv: addCSV(row, of: changes)
      }
    }

    mutating func end(_ changes: TableChanges, _ form: Form) {
      switch form {
      case .text: endText(changes)
      case .json: endJSON()
      case .csv: break
      }
    }

    mutating func add(_ text: String) {
      bytes.append(contentsOf: text.utf8)
    }
  }
}
