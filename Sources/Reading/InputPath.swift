import Scanning

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// One file of an export, which can be opened as often as needed.
struct InputPath: Sendable {
  /// As the operator wrote it; `-` is standard input.
  let path: String
  private let kept: InputFile?
  /// Told what is read for good, not what is looked at.
  let meter: ReadMeter?

  /// - Throws: when standard input cannot be kept where it can be read twice.
  init(_ path: String, meter: ReadMeter? = nil) throws(ReadFailure) {
    self.path = path
    self.meter = meter
    kept = path == "-" ? try Self.keepStandardInput() : nil
  }

  /// - Throws: when there is no readable regular file.
  func open() throws(ReadFailure) -> InputFile {
    if let kept { return kept }
    let file: InputFile
    let kind: InputFile.Status.Kind
    do throws(SystemFailure) {
      file = try InputFile.open(path)
      kind = try file.status().kind
    } catch {
      throw .cannotOpen(path: path, error)
    }
    guard kind == .regular else { throw .notAFile(path: path, kind) }
    return file
  }

  private static func keepStandardInput() throws(ReadFailure) -> InputFile {
    let folder = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
    do throws(SystemFailure) {
      let input = InputFile.standardInput
      if try input.status().kind == .regular { return input }
      return try InputFile.spool(input, folder: folder)
    } catch {
      throw .cannotSpool(folder: folder, error)
    }
  }
}
