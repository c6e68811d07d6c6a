import Foundation

/// Runs a program that may or may not be installed.
enum OtherProgram {
  /// What it prints on standard output; nil when it cannot be started or fails.
  static func run(_ path: String, _ arguments: [String]) -> (status: Int32, output: String)? {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
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

enum Chromium {
  static let path = OtherProgram.find(["chromium-headless-shell", "chromium", "google-chrome"])

  /// The page as the browser understood it.
  static func dump(_ file: String) -> String? {
    path.flatMap { path in
      OtherProgram.run(
        path, ["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", "file://\(file)"])?
        .output
    }
  }
}
