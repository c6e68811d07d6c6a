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
    let order = KeyOrder(old: oldStore, new: newStore, oldKey: oldPlaces.key, newKey: newPlaces.key)
    var places = rows.indices.map { KeyOrder.Place(rows[$0], at: $0) }
    places.sort { order.isBefore($0, $1) }
    rows = places.map { rows[$0.index] }
  }

  private func isSame(_ old: Int, _ oldColumn: Int, _ new: Int, _ newColumn: Int) -> Bool {
    RowStore.order(oldStore, old, oldColumn, newStore, new, newColumn) == 0
  }
}

/// Compares rows of two stores by their keys.
private struct KeyOrder {
  let old: RowStore
  let new: RowStore
  let oldKey: [Int]
  let newKey: [Int]

  /// A row that has its key: whether it is one of the old file, and which.
  struct Place {
    let isOld: Bool
    let row: Int
    let index: Int

    init(_ row: TableChanges.Row, at index: Int) {
      self.index = index
      switch row {
      case .created(let new), .changed(_, let new, _): (isOld, self.row) = (false, new)
      case .removed(let old): (isOld, self.row) = (true, old)
      }
    }
  }

  func isBefore(_ left: Place, _ right: Place) -> Bool {
    for index in oldKey.indices {
      let order = order(left, right, oldKey[index], newKey[index])
      if order != 0 { return order < 0 }
    }
    return false
  }

  private func order(_ left: Place, _ right: Place, _ oldColumn: Int, _ newColumn: Int) -> Int {
    switch (left.isOld, right.isOld) {
    case (true, true): RowStore.order(old, left.row, oldColumn, old, right.row, oldColumn)
    case (true, false): RowStore.order(old, left.row, oldColumn, new, right.row, newColumn)
    case (false, true): RowStore.order(new, left.row, newColumn, old, right.row, oldColumn)
    case (false, false): RowStore.order(new, left.row, newColumn, new, right.row, newColumn)
    }
  }
}
