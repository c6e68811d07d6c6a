import Foundation

/// Runs a program that may or may not be installed.
enum OtherProgram {
  /// What it prints on standard output; nil when it cannot be started or fails.
  static func run(
    _ path: String, _ arguments: [String], errors: URL? = nil
  ) -> (status: Int32, output: String)? {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    if let errors {
      // A file, not a pipe: one that nobody empties would stop the program.
      guard (try? Data().write(to: errors)) != nil else { return nil }
      process.standardError = try? FileHandle(forWritingTo: errors)
    }
    guard (try? process.run()) != nil else { return nil }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  static func find(_ names: [String]) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let paths = names.flatMap { name in folders.map { "\($0)/\(name)" } }
    return paths.first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}

enum Python {
  private static let path = OtherProgram.find(["python3"])

  static let hasJSONSchema: Bool = {
    guard let path else { return false }
    return OtherProgram.run(path, ["-c", "import jsonschema"])?.status == 0
  }()

  /// What is wrong with the files; empty when all are valid.
  static func problems(of files: [String], schema: String) -> String? {
    let program = """
      import json, sys, jsonschema
      schema = json.load(open(sys.argv[1]))
      jsonschema.Draft202012Validator.check_schema(schema)
      validator = jsonschema.Draft202012Validator(schema)
      for number, name in enumerate(sys.argv[2:]):
        for error in validator.iter_errors(json.load(open(name))):
          print(number, error.json_path, ascii(error.message[:200]))
      """
    return path.flatMap { OtherProgram.run($0, ["-c", program, schema] + files)?.output }
  }
}
