extension TableChanges {
  init(_ columns: TableColumns, _ oldStore: RowStore, _ newStore: RowStore) {
    self.init(
      keyColumns: columns.keyNames, columns: columns.names, onlyInOld: columns.onlyInOld,
      onlyInNew: columns.onlyInNew, oldStore: oldStore, newStore: newStore,
      oldPlaces: columns.old, newPlaces: columns.new)
  }

  /// Compares the values of the rows that have to be looked at.
  ///
  /// - Returns: false when rows that were taken for partners have different keys.
  mutating func take(_ matches: NewRows.Matches) -> Bool {
    unchangedCount = matches.sameCount
    for (old, new) in matches.changed {
      let haveSameKey = oldPlaces.key.indices.allSatisfy {
        isSame(old, oldPlaces.key[$0], new, newPlaces.key[$0])
      }
      guard haveSameKey else { return false }
      let different = columns.indices.filter {
        !isSame(old, oldPlaces.compared[$0], new, newPlaces.compared[$0])
      }
      if different.isEmpty {
        unchangedCount += 1
      } else {
        rows.append(.changed(oldRow: old, newRow: new, columns: different))
        changedCount += 1
      }
    }
    rows += matches.created.map { .created(newRow: $0) }
    rows += matches.removed.map { .removed(oldRow: $0) }
    createdCount = matches.created.count
    removedCount = matches.removed.count
    return true
  }

  /// Ascending by the bytes of the key.
  mutating func sort() {
    var keyed = rows.map { (key: key(of: $0), row: $0) }
    keyed.sort { left, right in
      for (a, b) in zip(left.key, right.key) where a != b { return a.lexicographicallyPrecedes(b) }
      return false
    }
    rows = keyed.map(\.row)
  }

  private func isSame(_ old: Int, _ oldColumn: Int, _ new: Int, _ newColumn: Int) -> Bool {
    RowStore.isSame(
      oldStore, row: old, column: oldColumn, newStore, row: new, column: newColumn)
  }
}
