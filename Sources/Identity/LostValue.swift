package import Scanning

// Public for the reason given in ScannedBlock.swift: mapping asks it for every cell.

/// Recognises a type name that stands where a value should.
///
/// `Export-Csv` writes the name of its type for anything that is not a plain value:
/// `System.String[]`, `Microsoft.ActiveDirectory.Management.ADPropertyValueCollection`. What the
/// value was is unknown; it is not empty, and not that text.
public enum LostValue {
  private static let collections = [".ADPropertyValueCollection", "Collection"].map {
    Array($0.utf8)
  }
  static let families = [
    "System.", "Microsoft.ActiveDirectory.", "Microsoft.Graph.", "Microsoft.Open.AzureAD.",
    "Deserialized.",
  ].map { Array($0.utf8) }

  /// The type name, if the value is one.
  ///
  /// Costs one comparison for almost every value.
  @inlinable
  public static func typeName(in value: Span<UInt8>) -> String? {
    guard value.count >= 10, value[0] >= UInt8(ascii: "D"), value[0] <= UInt8(ascii: "S"),
      value[0] == UInt8(ascii: "S") || value[0] == UInt8(ascii: "M")
        || value[0] == UInt8(ascii: "D")
    else { return nil }
    return typeNameLooked(in: value)
  }

  /// Whether a value that begins with these eight bytes (little-endian) may be a type name.
  ///
  /// Nearly no value does, so the answer is always the one the processor expects.
  @inlinable @inline(__always)
  public static func mayBegin(with word: UInt64) -> Bool {
    word << 8 == 0x2E6D_6574_7379_5300  // "System."
      || word == 0x666F_736F_7263_694D  // "Microsof"
      || word == 0x6C61_6972_6573_6544  // "Deserial"
  }

  /// The same for loops over columns.
  package static let beginnings = ValueBeginnings(["System.?", "Microsof", "Deserial"])

  @usableFromInline
  static func typeNameLooked(in value: Span<UInt8>) -> String? {
    guard families.contains(where: { starts(value, with: $0) }), isDottedName(value),
      isLostType(value)
    else { return nil }
    return String(decoding: value.indices.map { value[$0] }, as: UTF8.self)
  }

  /// Arrays, collections, and any type of the Graph and AD modules.
  private static func isLostType(_ value: Span<UInt8>) -> Bool {
    if value[value.count - 1] == UInt8(ascii: "]") { return true }
    if !starts(value, with: families[0]) { return true }
    return starts(value, with: Array("System.Collections.".utf8))
      || starts(value, with: Array("System.Object".utf8))
      || starts(value, with: Array("System.Management.Automation.".utf8))
      || collections.contains { ends(value, with: $0) }
  }

  /// Letters, digits, and what joins them in a type name; no spaces, as a sentence would have.
  private static func isDottedName(_ value: Span<UInt8>) -> Bool {
    for index in value.indices {
      switch value[index] {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: continue
      case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "["),
        UInt8(ascii: "]"), UInt8(ascii: "+"), UInt8(ascii: ","):
        continue
      default: return false
      }
    }
    return true
  }

  private static func starts(_ value: Span<UInt8>, with prefix: [UInt8]) -> Bool {
    value.count >= prefix.count && prefix.indices.allSatisfy { value[$0] == prefix[$0] }
  }

  private static func ends(_ value: Span<UInt8>, with suffix: [UInt8]) -> Bool {
    let start = value.count - suffix.count
    return start >= 0 && suffix.indices.allSatisfy { value[start + $0] == suffix[$0] }
  }
}
