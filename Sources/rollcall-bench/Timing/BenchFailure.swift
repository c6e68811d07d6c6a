import Foundation

/// Why the benchmark cannot go on, or must not be believed.
enum BenchFailure: Error, CustomStringConvertible {
  case cannotStart(String, errno: Int32)
  case commandFailed([String], code: Int32, says: String)
  case noProgram(String)
  case unreadableResult(URL)
  case disagreement(scenario: String, ours: ChangeCounts, peer: ChangeCounts)
  case otherAnswer(scenario: String, ours: String, peer: String)

  var description: String {
    switch self {
    case .cannotStart(let program, let code):
      "\(program) could not be started or waited for (errno \(code))."
    case .commandFailed(let command, let code, let says):
      "“\(command.joined(separator: " "))” ended with exit code \(code).\n\(says)"
    case .noProgram(let path):
      "There is no rollcall at \(path). Build it with “make release”, or name it with --rollcall."
    case .unreadableResult(let file):
      "\(file.path) is not the result the benchmark expects, so nothing can be compared."
    case .otherAnswer(let scenario, let ours, let peer):
      "In \(scenario) rollcall says “\(ours)”, and its peer “\(peer)”. "
        + "Times of different answers mean nothing; the benchmark stops."
    case .disagreement(let scenario, let ours, let peer):
      "In \(scenario) rollcall found \(ours), and its peer \(peer). "
        + "Times of different answers mean nothing; the benchmark stops."
    }
  }
}
