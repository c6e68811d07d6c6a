import Crypto
import Scanning

/// The SHA-256 of a file as it lies there, for those who must know whether it is one that they have seen.
package enum FileDigest {
  /// As hexadecimal digits; nil for standard input, which can be read once.
  ///
  /// - Throws: when there is no readable regular file, or it cannot be read to its end.
  package static func of(_ path: String) throws(ReadFailure) -> String? {
    guard path != "-" else { return nil }
    let file = try InputPath(path).open()
    var digest = SHA256()
    var bytes = [UInt8](repeating: 0, count: 1 << 18)
    var offset = 0
    do throws(SystemFailure) {
      while true {
        let count = try file.read(into: &bytes, at: 0, upTo: bytes.count, fromOffset: offset)
        guard count > 0 else { break }
        digest.update(data: bytes[..<count])
        offset += count
      }
    } catch {
      throw .cannotRead(path: path, error)
    }
    return digest.finalize().map { byte in
      String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }.joined()
  }
}
