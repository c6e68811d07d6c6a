import Reporting

/// A result for programs on its way to standard output: exact into a file or a pipe, made visible on a terminal.
///
/// ```
/// let output = console.data(.json)
/// try report.write(source, to: output.append)
/// try output.end()
/// ```
///
/// Small pieces are gathered, so that a row is not a call of the system.
final class DataOutput {
  private static let size = 1 << 16
  private var pending: [UInt8] = []
  /// Nil where the data stays as it is.
  private var terminal: TerminalText?

  init(_ form: TerminalText.Form?) {
    terminal = form.map { TerminalText($0) }
  }

  func append(_ bytes: [UInt8]) throws(OutputEnd) {
    pending += terminal?.shown(bytes) ?? bytes
    if pending.count >= Self.size { try flush() }
  }

  func end() throws(OutputEnd) {
    pending += terminal?.end() ?? []
    try flush()
  }

  private func flush() throws(OutputEnd) {
    try StandardOutput.write(pending)
    pending.removeAll(keepingCapacity: true)
  }
}
