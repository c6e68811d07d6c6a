/// Cells in which a tool wrote the name of a type instead of a value.
///
/// PowerShell's `Export-Csv` does so for every multi-valued property. Such a cell says nothing about
/// the value; taking it for text would overwrite real data.
public enum LostValue {
  private static let exactNames = ["System.String[]", "System.Object[]"].map { Array($0.utf8) }
  private static let prefixes = [
    "Microsoft.ActiveDirectory.Management.", "Microsoft.Graph.PowerShell.Models.",
    "System.Collections.", "System.Byte[",
  ].map { Array($0.utf8) }

  /// Whether the cell is such a name.
  ///
  /// Costs one comparison for nearly every cell.
  @inlinable
  public static func isTypeName(_ cell: Span<UInt8>) -> Bool {
    guard cell.count >= 15, cell[0] == UInt8(ascii: "S") || cell[0] == UInt8(ascii: "M") else {
      return false
    }
    return matches(cell)
  }

  @usableFromInline
  static func matches(_ cell: Span<UInt8>) -> Bool {
    exactNames.contains { $0.count == cell.count && starts(cell, with: $0) }
      || prefixes.contains { starts(cell, with: $0) }
  }

  private static func starts(_ cell: Span<UInt8>, with prefix: [UInt8]) -> Bool {
    cell.count >= prefix.count && prefix.indices.allSatisfy { cell[$0] == prefix[$0] }
  }
}
