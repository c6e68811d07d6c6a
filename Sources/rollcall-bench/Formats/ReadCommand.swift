import ArgumentParser
import Identity
import Reading
import Scanning

/// Reads an export into batches and does nothing with them: what every command does first.
struct ReadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "read",
    abstract: "Reads an export into batches; prints records and the bytes of the columns asked for."
  )

  @Argument(help: "The file.")
  var file: String

  @Option(help: "A column, as a path; may be given more than once. A table has all of its columns.")
  var column: [String] = []

  func run() async throws {
    // As every command of rollcall does.
    FreedMemory.keep()
    let fields = column.isEmpty ? nil : column.map { [$0] }
    let reader = try ExportReader(
      exportName: "bench", paths: [file],
      format: FormatOptions(fields: fields, directory: DirectoryOptions(classes: ["inetOrgPerson"]))
    )
    var length = 0
    let summary = try await reader.read(digest: false) { batch in
      batch.cells.reduce(0) { $0 + $1.range.count }
    } collect: { count, _ in
      length += count
    }
    print("records \(summary.recordCount) bytes \(length) set aside \(summary.quarantinedCount)")
  }
}
