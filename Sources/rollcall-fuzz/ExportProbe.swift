import Dispatch
import Glibc
import Identity
import Reading
import Synchronization

/// Reads an export in large blocks and in small ones: the same must come out, and records must be found again.
struct ExportProbe {
  let format: ExportFormat?

  func run(_ input: [UInt8]) {
    let path = Self.path
    Self.write(input, to: path)
    let whole = outcome(path, blockSize: 1 << 16, jobs: 1)
    // Any size of block cuts records, names and escapes somewhere else; very many blocks take time.
    let size = 1 + Int(input.first ?? 0) % 61 + input.count / 16
    let pieces = outcome(path, blockSize: size, jobs: 2)
    // Of several reasons not to read a file, the one that is met first is told.
    if whole.failure != nil, pieces.failure != nil { return }
    precondition(whole == pieces, "\(whole)\nin blocks of \(size):\n\(pieces)")
  }

  /// What the files under Samples have; without being asked, a reader looks at the beginning of a file.
  private static let fields = [
    ["id"], ["userName", "userPrincipalName"], ["uid"], ["cn"], ["mail"], ["objectClass"], ["dn"],
    ["name.givenName"], ["emails[type eq \"work\"].value"], ["members.value"], ["@removed.reason"],
  ]

  /// In memory where the system has such a place.
  private static let path: String = {
    // SAFETY: the paths are texts that the calls only read.
    let folder = unsafe access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    return "\(folder)/rollcall-fuzz-\(getpid())"
  }()

  /// Without Foundation, which cannot be imported beside libxml2 and the C library: both would bring ICU.
  private static func write(_ input: [UInt8], to path: String) {
    // SAFETY: the path is a text that the call only reads.
    let file = unsafe open(path, O_CREAT | O_WRONLY | O_TRUNC, 0o600)
    defer { close(file) }
    // SAFETY: the bytes are those of the array; of an empty one none are read.
    let count = unsafe input.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
    precondition(count == input.count, "cannot write \(path)")
  }

  /// All that a reader says of a file.
  private struct Outcome: Equatable {
    var failure: String?
    var rows: [[String]] = []
    var findings: [String] = []
    var counts: [Int] = []
  }

  private func outcome(_ path: String, blockSize: Int, jobs: Int) -> Outcome {
    let format = format
    return Self.wait(for: {
      do throws(ReadFailure) {
        let reader = try ExportReader(
          exportName: "fuzz", paths: [path], options: CSVOptions(blockSize: blockSize),
          format: FormatOptions(format: format, fields: Self.fields), jobs: jobs)
        return try await Self.outcome(of: reader)
      } catch {
        return Outcome(failure: error.message)
      }
    })
  }

  private static func outcome(of reader: ExportReader) async throws(ReadFailure) -> Outcome {
    var outcome = Outcome()
    _ = try reader.header()
    var numbers: [Int] = []
    let summary = try await reader.read { batch in
      (rows: (0..<batch.count).map { text(of: $0, in: batch) }, numbers: batch.numbers)
    } collect: { part, place in
      outcome.rows += part.rows
      numbers += part.numbers.map { place.firstNumber + Int($0) }
    }
    outcome.counts = [summary.recordCount, summary.quarantinedCount, summary.quarantinedLines]
    // What is only sampled depends on the sample.
    outcome.findings = summary.findings.filter { !$0.code.hasSuffix("-letters") }
      .filter { $0.code != "read.doubly-encoded" }.map { "\($0)" }
    for place in Set([0, numbers.count - 1]) where numbers.indices.contains(place) {
      let found = try reader.records(numbered: [numbers[place]], places: summary.places)
      let row = found.first.map { text(of: 0, in: $0.batch) }
      precondition(row == outcome.rows[place], "record \(numbers[place]) is not found again")
    }
    return outcome
  }

  private static func text(of row: Int, in batch: RecordBatch) -> [String] {
    (0..<batch.columnCount).map { column in
      batch.isAbsent(row: row, column: column)
        ? "absent" : "=" + batch.text(row: row, column: column)
    }
  }

  /// The fuzzer calls from one thread and wants an answer.
  private static func wait<Value: Sendable>(
    for body: @escaping @Sendable () async -> Value
  ) -> Value {
    let done = DispatchSemaphore(value: 0)
    let result = Mutex<Value?>(nil)
    Task {
      let value = await body()
      result.withLock { $0 = value }
      done.signal()
    }
    done.wait()
    guard let value = result.withLock({ $0 }) else { preconditionFailure("nothing came out") }
    return value
  }
}
