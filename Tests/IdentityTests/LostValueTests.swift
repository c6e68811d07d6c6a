import Scanning
import Testing

@testable import Identity

struct LostValueTests {
  @Test(arguments: [
    "System.String[]", "System.Object[]", "System.Collections.Generic.List`1[System.String]",
    "Microsoft.ActiveDirectory.Management.ADPropertyValueCollection",
    "Microsoft.Graph.PowerShell.Models.MicrosoftGraphAssignedLicense[]",
    "Microsoft.Graph.PowerShell.Models.MicrosoftGraphPasswordProfile", "System.Byte[]",
    "System.Collections.Hashtable",
  ])
  func typeNamesAreRecognised(value: String) {
    #expect(LostValue.typeName(in: Array(value.utf8).span) == value)
  }

  @Test(arguments: [
    "", "Sales", "System", "System Engineer", "System.", "Microsoft.com account",
    "Microsoft.Graph. is a product", "Management", "Systems.Engineer", "System.Engineer",
    "Dr. Deserialized",
  ])
  func otherValuesAreNot(value: String) {
    #expect(LostValue.typeName(in: Array(value.utf8).span) == nil)
  }

  private static func word(_ text: some Collection<UInt8>) -> UInt64 {
    (Array(text) + [0, 0, 0]).prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
  }

  @Test(arguments: [
    "System.S", "System.\0", "Microsof", "Deserial", "system.S", "Systems.", "Micro",
  ])
  func loopsOverColumnsLookForTheSameBeginnings(text: String) {
    let word = Self.word(text.utf8)
    #expect(LostValue.beginnings.fit(word) == LostValue.mayBegin(with: word))
  }

  /// Both looks at the first letters let every family through.
  @Test(arguments: LostValue.families)
  func noFamilyIsOverlooked(family: [UInt8]) {
    let word = Self.word(family + [UInt8(ascii: "X")])
    #expect(LostValue.mayBegin(with: word) && LostValue.beginnings.fit(word))
  }
}
