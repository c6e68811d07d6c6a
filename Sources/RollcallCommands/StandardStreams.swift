import Foundation

/// Why nothing more goes to standard output.
enum OutputEnd: Error, Sendable, Hashable {
  /// The reader has closed the pipe, as `head` does.
  case closed
  /// In the system's words.
  case failed(String)
}

/// Data: what was asked for.
enum StandardOutput {
  static func write(_ bytes: [UInt8]) throws(OutputEnd) {
    guard !bytes.isEmpty else { return }
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(bytes))
    } catch {
      throw OutputEnd(error as NSError)
    }
  }
}

/// Messages, progress and diagnostics.
///
/// What cannot be written here is lost, and nothing can be done about it.
enum StandardError {
  static func write(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}

extension OutputEnd {
  fileprivate init(_ error: NSError) {
    let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
    let isPipe = cause.domain == NSPOSIXErrorDomain && cause.code == Int(EPIPE)
    self = isPipe ? .closed : .failed(cause.localizedDescription)
  }
}
