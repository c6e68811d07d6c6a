import Foundation
import Spawning

/// One run of the built `rollcall`, to its end: what it printed and how it ended.
struct ProgramRun {
  let code: Int32
  let output: String
  let complaints: String

  /// `SHELL`-like settings that a person's environment may have must not change what tests see.
  static let environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"]

  /// The program beside the test bundle, which SwiftPM builds before it.
  static let program: URL = {
    let bundle = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    return bundle.deletingLastPathComponent().appending(path: "rollcall")
  }()

  static let repository = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Runs it in `folder`, so that relative paths and default files are the test's own.
  init(
    _ arguments: [String], in folder: String = NSTemporaryDirectory(),
    environment: [String: String] = [:], output target: FileHandle? = nil
  ) throws {
    let files = try OutputFiles()
    let program = try files.start(
      arguments, in: folder, environment: environment, output: target)
    code = program.end()
    output = try files.output()
    complaints = try files.complaints()
  }
}

/// A run that is still going on.
struct RunningProgram {
  private let files: OutputFiles
  private let program: Spawned

  init(_ arguments: [String], in folder: String) throws {
    files = try OutputFiles()
    program = try files.start(arguments, in: folder, environment: [:], output: nil)
  }

  /// Waits until it has said something on standard error; false if it ended before.
  func says(_ text: String) throws -> Bool {
    while try !files.complaints().contains(text) {
      guard program.isRunning else { return try files.complaints().contains(text) }
      usleep(2_000)
    }
    return true
  }

  func signal(_ number: Int32) { program.signal(number) }

  func end() throws -> (code: Int32, complaints: String) {
    let code = program.end()
    return (code, try files.complaints())
  }
}

/// Files, not pipes: a pipe that nobody empties would stop the program.
private final class OutputFiles {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "rollcall-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func start(
    _ arguments: [String], in place: String, environment: [String: String], output: FileHandle?
  ) throws -> Spawned {
    let (output, errors) = (try output ?? file("output"), try file("complaints"))
    return try withExtendedLifetime((output, errors)) {
      try Spawned(
        ProgramRun.program.path, arguments, in: place,
        environment: ProgramRun.environment.merging(environment) { $1 },
        output: output.fileDescriptor, errors: errors.fileDescriptor)
    }
  }

  func output() throws -> String { try text("output") }
  func complaints() throws -> String { try text("complaints") }

  private func file(_ name: String) throws -> FileHandle {
    let place = folder.appending(path: name)
    try Data().write(to: place)
    return try FileHandle(forWritingTo: place)
  }

  private func text(_ name: String) throws -> String {
    let place = folder.appending(path: name)
    guard FileManager.default.fileExists(atPath: place.path) else { return "" }
    return String(decoding: try Data(contentsOf: place), as: UTF8.self)
  }
}
