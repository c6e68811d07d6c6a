/// Seeded CSV text with everything in it that makes readers stumble.
package struct AwkwardText {
  private var random: SeededGenerator
  private let delimiter: String
  /// How likely a cell is damaged on purpose.
  private let damage: Double

  package init(seed: UInt64, delimiter: String = ",", damage: Double = 0.05) {
    random = SeededGenerator(seed: seed)
    self.delimiter = delimiter
    self.damage = damage
  }

  /// Rows of `columns` cells, most of them well-formed.
  package mutating func rows(_ count: Int, columns: Int, lineEnd: String = "\n") -> [UInt8] {
    var text: [UInt8] = []
    for row in 0..<count {
      if chance(0.04) { text += Array(lineEnd.utf8) }
      let width = chance(damage / 2) ? Int.random(in: 1...columns + 2, using: &random) : columns
      for column in 0..<width {
        if column > 0 { text += Array(delimiter.utf8) }
        text += cell()
      }
      let isLast = row == count - 1
      if isLast, chance(0.3) { break }
      text += Array(end(lineEnd).utf8)
    }
    return text
  }

  private mutating func chance(_ share: Double) -> Bool {
    Double.random(in: 0..<1, using: &random) < share
  }

  /// Files that mix LF and CRLF exist.
  private mutating func end(_ lineEnd: String) -> String {
    lineEnd == "\n" && chance(0.2) ? "\r\n" : lineEnd
  }

  private mutating func cell() -> [UInt8] {
    if chance(damage) { return damaged() }
    switch Int.random(in: 0..<10, using: &random) {
    case 0: return []
    case 1: return Array("\"\"".utf8)
    case 2, 3: return Array("\"\(inside())\"".utf8)
    case 4:
      return Array(String(repeating: "long ", count: Int.random(in: 0...40, using: &random)).utf8)
    case 5: return Array("Zoë 山 👩‍🚀 ſ".utf8)
    default: return Array(word().utf8)
    }
  }

  private mutating func word() -> String {
    let words = ["a", "ann", "5 disks", " b ", "O'Hara", "Straße", "=1+1", "x;y|z", "0"]
    return words[Int.random(in: 0..<words.count, using: &random)]
  }

  /// What may stand between quotes.
  private mutating func inside() -> String {
    let pieces = ["\"\"", "\n", "\r\n", "\r", delimiter, "a", "Müller", " ", "\"\"\"\"", "…"]
    return (0..<Int.random(in: 0...6, using: &random)).map { _ in
      pieces[Int.random(in: 0..<pieces.count, using: &random)]
    }.joined()
  }

  private mutating func damaged() -> [UInt8] {
    switch Int.random(in: 0..<9, using: &random) {
    case 0: Array("5\" disk".utf8)
    case 1: Array("\"closed\" too early".utf8)
    case 2: Array("a\"\"b".utf8)
    case 3: [0x61, 0x00, 0x62]
    case 4: [0x4D, 0xFC, 0x6C]
    case 5: [0x22, 0xE2, 0x82, 0x22]
    case 6: Array("\" \"x\" \"".utf8)
    case 7: Array("\r".utf8)
    default: Array("\"".utf8)
    }
  }
}
