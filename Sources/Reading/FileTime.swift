import Scanning

/// When a file was last written.
package enum FileTime {
  /// Seconds since 1970; nil for standard input.
  ///
  /// - Throws: when there is no readable regular file.
  package static func modified(_ path: String) throws(ReadFailure) -> Int? {
    guard path != "-" else { return nil }
    let file = try InputPath(path).open()
    do throws(SystemFailure) { return try file.status().seconds } catch {
      throw .cannotRead(path: path, error)
    }
  }
}
