import Scanning
import Storing

/// What a command writes to a file that its caller has named.
package enum OutputKind: Sendable, Hashable {
  case plan
  case attestation
  case approval
  case state(StateFormat)

  /// As in “is there already and is no …”.
  var noun: String {
    switch self {
    case .plan: "plan"
    case .attestation: "attestation"
    case .approval: "approval"
    case .state(let format): "export of the state as \(format.rawValue)"
    }
  }

  /// Whether a file that begins like this is an earlier one of the same kind.
  func fits(_ start: some StringProtocol) -> Bool {
    switch self {
    case .plan: start.hasPrefix("{\"rollcall-plan\":")
    case .attestation: start.hasPrefix("{\"rollcall-attestation\":")
    case .approval: start.hasPrefix("{\"rollcall-approval\":")
    case .state(.csv):
      start.hasPrefix("id,")
        && start.prefix { !$0.isNewline }.hasSuffix(",active,managed,teams")
    case .state(.json):
      start.hasPrefix("{") && start.prefix { !$0.isNewline }.contains("\"resourceType\":\"")
    case .state(.scim):
      start.hasPrefix("{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:ListResponse\"]")
    }
  }
}

extension Job {
  /// Refuses to write over what the job lives on, and over what is no earlier output of the same kind.
  ///
  /// ```
  /// rollcall export --format csv --to rollcall.db       the state
  /// rollcall plan --out exports/users.csv               an export
  /// rollcall plan --out notes.txt                       somebody's notes
  /// rollcall plan --out tonight.plan                    fine, also the second time
  /// ```
  package func checkTarget(_ path: String, of kind: OutputKind) throws(JobFailure) {
    guard let target = FileIdentity(ofFileAt: path) else { return }
    for (file, role) in files where FileIdentity(ofFileAt: file) == target {
      throw .usage("\(path) is \(role) and is not written over; name another file.")
    }
    guard let start = Self.start(of: path), !start.isEmpty, !kind.fits(start) else { return }
    throw .usage(
      "\(path) is there already and is no \(kind.noun); take it away, or name another file.")
  }

  /// Everything that the job reads, or keeps, with what it is.
  private var files: [(path: String, role: String)] {
    let state = statePath
    var files = ["", "-wal", "-shm", "-journal", ".lock"].map {
      (path: state + $0, role: $0.isEmpty ? "the state" : "a part of the state")
    }
    files.append((settings.policy, "the policy"))
    let roster = try? ExportRoster(
      policy.exports, book: .init(), resolve: { settings.resolve($0, in: policy) })
    for export in roster?.all ?? [] {
      let path = settings.resolve(export.settings.path, in: policy)
      for file in ExportPaths.files(for: path) {
        files.append((file, "a file of the export \(export.settings.name)"))
        if let manifest = export.manifest {
          files.append(
            (
              manifest.replacing("{file}", with: file),
              "the manifest of the export \(export.settings.name)"
            ))
        }
      }
    }
    files += policy.expressions.files.map { (policy.resolved($0), "a table of the policy") }
    return files
  }

  /// The beginning of a regular file; nil for anything else, which nobody could be at a loss for.
  private static func start(of path: String) -> String? {
    guard let file = try? InputFile.open(path), let status = try? file.status(),
      status.kind == .regular
    else { return nil }
    var bytes = [UInt8](repeating: 0, count: min(status.size, 1 << 16))
    let count =
      (try? file.read(into: &bytes, at: 0, upTo: bytes.count, fromOffset: 0)) ?? 0
    return String(decoding: bytes[..<count], as: UTF8.self)
  }
}
