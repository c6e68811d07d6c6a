package import Identity

/// What differs between two files, in ascending order of keys.
package struct TableChanges: Sendable {
  /// A row, by its place in the files' stores.
  package enum Row: Sendable, Hashable {
    case created(newRow: Int)
    case removed(oldRow: Int)
    /// With the columns that differ, as positions in `columns`.
    case changed(oldRow: Int, newRow: Int, columns: [Int])
  }

  /// Columns that make up the key.
  package let keyColumns: [String]
  /// Columns that both files have, in the order of the old one.
  package let columns: [String]
  package let onlyInOld: [String]
  package let onlyInNew: [String]
  package internal(set) var rows: [Row] = []
  package internal(set) var createdCount = 0
  package internal(set) var removedCount = 0
  package internal(set) var changedCount = 0
  package internal(set) var unchangedCount = 0
  /// Keys that stand in a file more than once, or in a record that could not be read: not compared.
  package internal(set) var heldCount = 0
  /// What was noticed in both files; the export is called `old` or `new`.
  package internal(set) var findings: [Finding] = []
  /// False where some record could not even be given to a key, so that a removed row may still be there.
  package internal(set) var removalsAreCertain = true

  let oldStore: RowStore
  let newStore: RowStore
  /// Positions of `keyColumns` and `columns` in each file.
  let oldPlaces: (key: [Int], compared: [Int])
  let newPlaces: (key: [Int], compared: [Int])

  /// Whether the files say the same.
  package var isEmpty: Bool {
    createdCount + removedCount + changedCount + heldCount == 0 && onlyInOld.isEmpty
      && onlyInNew.isEmpty
  }

  /// The values of a row's key columns.
  package func key(of row: Row) -> [[UInt8]] {
    switch row {
    case .created(let new), .changed(_, let new, _):
      newPlaces.key.map { newStore.value(row: new, column: $0) }
    case .removed(let old):
      oldPlaces.key.map { oldStore.value(row: old, column: $0) }
    }
  }

  /// The values of a row in `columns`, before and after.
  package func values(of row: Row) -> (old: [[UInt8]]?, new: [[UInt8]]?) {
    switch row {
    case .created(let new): (nil, newValues(new))
    case .removed(let old): (oldValues(old), nil)
    case .changed(let old, let new, _): (oldValues(old), newValues(new))
    }
  }

  /// One column of a changed row, before and after.
  package func change(
    oldRow: Int, newRow: Int, column: Int
  ) -> (old: [UInt8], new: [UInt8]) {
    (
      oldStore.value(row: oldRow, column: oldPlaces.compared[column]),
      newStore.value(row: newRow, column: newPlaces.compared[column])
    )
  }

  private func oldValues(_ row: Int) -> [[UInt8]] {
    oldPlaces.compared.map { oldStore.value(row: row, column: $0) }
  }

  private func newValues(_ row: Int) -> [[UInt8]] {
    newPlaces.compared.map { newStore.value(row: row, column: $0) }
  }
}
