/// One word of a POSIX shell command (IEEE Std 1003.1 §2.2.2), quoted where it must be.
package struct ShellWord: Sendable, Hashable, CustomStringConvertible {
  package let description: String

  package init(_ text: String) {
    let isPlain =
      text.utf8.first != UInt8(ascii: "-")
      && text.utf8.allSatisfy { byte in
        Self.plain.contains(byte) || byte >= 0x80
      }
    if isPlain, !text.isEmpty {
      description = text
    } else {
      let path = text.utf8.first == UInt8(ascii: "-") ? "./" + text : text
      var quoted = "'"
      for scalar in path.unicodeScalars {
        quoted.unicodeScalars.append(
          contentsOf: scalar == "'" ? Array("'\\''".unicodeScalars) : [scalar])
      }
      description = quoted + "'"
    }
  }

  private static let plain = Set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:@%+,".utf8)
}
