/// The values of the few cells of a batch that hold more than one.
///
/// ```
/// members of a team: [ann, bo, cy]     cells   [7]        the cell's place in `RecordBatch.cells`
///                                      ends    [3]        where its values end
///                                      values  [ann][bo][cy]
/// ```
///
/// A batch of CSV has none, and pays for none: what looks at single values never looks here.
package struct ManyValues: Sendable, Hashable {
  private(set) var cells: [UInt32] = []
  private var ends: [UInt32] = []
  private var values: [RecordBatch.Cell] = []

  package init() {}

  package var isEmpty: Bool { cells.isEmpty }

  /// Adds the values of the next such cell; cells come in ascending order.
  package mutating func append(cell: Int, values: some Sequence<RecordBatch.Cell>) {
    precondition(cells.last.map { $0 < cell } ?? true)
    cells.append(UInt32(cell))
    self.values.append(contentsOf: values)
    ends.append(UInt32(self.values.count))
  }

  /// All values of a cell; none when it holds at most one.
  package func values(ofCell cell: Int) -> ArraySlice<RecordBatch.Cell> {
    guard let place = place(of: UInt32(cell)) else { return [] }
    return values[(place == 0 ? 0 : Int(ends[place - 1]))..<Int(ends[place])]
  }

  /// Every such cell by its place, with how many values it holds.
  package var counts: [(cell: Int, count: Int)] {
    cells.indices.map { place in
      (Int(cells[place]), Int(ends[place]) - (place == 0 ? 0 : Int(ends[place - 1])))
    }
  }

  private func place(of cell: UInt32) -> Int? {
    var low = 0
    var high = cells.count
    while low < high {
      let middle = (low + high) / 2
      if cells[middle] < cell { low = middle + 1 } else { high = middle }
    }
    return low < cells.count && cells[low] == cell ? low : nil
  }
}
