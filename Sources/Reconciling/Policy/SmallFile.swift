import Glibc
import Scanning

/// A file that is read as a whole before anything else is done: a policy, or a table that it names.
///
/// A pipe would make the program wait for whoever writes it, a device may never end: both are refused. A link to
/// a file is as good as the file.
enum SmallFile {
  enum Problem: Error, Hashable {
    case missing
    case folder
    case notRegular
    case tooLarge
    /// The system's own words.
    case system(String)
  }

  /// All bytes of the file, of which there may be `limit`.
  static func bytes(of path: String, limit: Int) throws(Problem) -> [UInt8] {
    do {
      let file = try InputFile.open(path)
      let status = try file.status()
      switch status.kind {
      case .regular: break
      case .directory: throw Problem.folder
      case .pipe, .device: throw Problem.notRegular
      }
      var bytes = [UInt8](repeating: 0, count: min(status.size, limit) + 1)
      let count = try file.read(into: &bytes, at: 0, upTo: bytes.count, fromOffset: 0)
      guard count <= limit else { throw Problem.tooLarge }
      return Array(bytes[..<count])
    } catch let problem as Problem {
      throw problem
    } catch let failure as SystemFailure {
      throw failure.number == ENOENT ? .missing : .system(failure.text)
    } catch {
      throw .system("\(error)")
    }
  }
}
