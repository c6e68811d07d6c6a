import Scanning

/// How the columns of two files belong together.
struct TableColumns: Sendable {
  let keyNames: [String]
  let names: [String]
  let onlyInOld: [String]
  let onlyInNew: [String]
  let old: (key: [Int], compared: [Int])
  let new: (key: [Int], compared: [Int])

  /// - Throws: when a file has no such key column, or more than one.
  init(
    key: [String], old: (path: String, header: ExportHeader),
    new: (path: String, header: ExportHeader)
  ) throws(ReadFailure) {
    var oldKey: [Int] = []
    var newKey: [Int] = []
    for name in key {
      oldKey.append(try Self.place(of: name, in: old))
      newKey.append(try Self.place(of: name, in: new))
    }
    keyNames = oldKey.map { old.header.names[$0] }
    var free: [[UInt8]: [Int]] = [:]
    for (place, name) in new.header.names.enumerated() {
      free[Array(name.utf8), default: []].append(place)
    }
    var pairs: [(Int, Int)] = []
    var lonely: [String] = []
    for (place, name) in old.header.names.enumerated() {
      let bytes = Array(name.utf8)
      if let other = free[bytes]?.first {
        free[bytes]?.removeFirst()
        pairs.append((place, other))
      } else {
        lonely.append(name)
      }
    }
    names = pairs.map { old.header.names[$0.0] }
    onlyInOld = lonely
    let left = Set(free.values.joined())
    onlyInNew = new.header.names.indices.filter(left.contains).map { new.header.names[$0] }
    self.old = (oldKey, pairs.map(\.0))
    self.new = (newKey, pairs.map(\.1))
  }

  /// Whether both files have the same columns in the same places.
  var areAlike: Bool {
    onlyInOld.isEmpty && onlyInNew.isEmpty && old.compared == new.compared && old.key == new.key
  }

  /// Columns of the new file.
  var newCount: Int { names.count + onlyInNew.count }

  private static func place(
    of name: String, in file: (path: String, header: ExportHeader)
  ) throws(ReadFailure) -> Int {
    switch file.header.column(named: name) {
    case .found(let place): return place
    case .missing:
      throw .keyColumnMissing(path: file.path, column: name, columns: file.header.names)
    case .ambiguous: throw .keyColumnAmbiguous(path: file.path, column: name)
    }
  }
}
