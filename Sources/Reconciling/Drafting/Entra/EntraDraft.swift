import Identity
import Mapping

/// A policy that says what an Entra provisioning job says, with a comment for each thing it could not take along.
///
/// ```
/// let draft = try EntraDraft(contentsOf: "provisioning.json", exports: [])
/// draft.text        # the policy
/// draft.left        // what was not carried over
/// ```
package struct EntraDraft: Sendable {
  package let text: String
  /// What was not carried over, one sentence each, as in the comments.
  package let left: [String]

  /// Reads a schema; `exports` are what stands in for the source directory, and may be none.
  ///
  /// - Throws: `unreadable` for a file that is no schema, or has no mapping of users to SCIM.
  package init(
    contentsOf path: String, exports: [InspectedExport],
    resolve: @escaping @Sendable (String) -> String = { $0 }
  ) throws(JobFailure) {
    let schema = try EntraSchema.load(contentsOf: path)
    let job = try EntraJob(schema, path: path)
    var writer = EntraPolicyWriter(
      job: job, exports: exports, resolve: resolve, file: RunExport.baseName(of: path))
    let policy = try writer.policy(path: path)
    let complaints = Self.complaints(about: policy)
    // Behind all the rest, so that the lines they name stay where they are.
    text =
      policy
      + complaints.map { "# NOT CARRIED OVER \(EntraAttributeDraft.oneLine($0))\n" }.joined()
    left = writer.left + complaints
  }
}

extension EntraDraft {
  /// What the policy that was written is refused for: nothing, or a case that nobody has thought of.
  private static func complaints(about text: String) -> [String] {
    do {
      _ = try Policy(parsing: text, path: "the policy")
      return []
    } catch {
      return error.problems.filter { $0.severity == .error }.map {
        "\($0.line(in: "the policy")) Mend this line by hand."
      }
    }
  }
}

/// The mappings of one schema that a policy can be made of.
struct EntraJob {
  let rule: EntraSchema.Rule
  let users: EntraSchema.ObjectMapping
  let groups: EntraSchema.ObjectMapping?
  /// Other mappings of the file, in words.
  let others: [String]
  let definitions: [String: [String: EntraSchema.Definition]]

  init(_ schema: EntraSchema, path: String) throws(JobFailure) {
    let rules = schema.rules.sorted { $0.priority < $1.priority }
    func isUsers(_ object: EntraSchema.ObjectMapping) -> Bool {
      object.isEnabled
        && object.attributes.contains {
          EntraTarget(name: $0.target, subject: .members).path == .userName
        }
    }
    guard let rule = rules.first(where: { $0.objects.contains(where: isUsers) }),
      let users = rule.objects.first(where: isUsers)
    else {
      let found = rules.flatMap { rule in
        rule.objects.map { "\($0.name) (to \($0.target) of \(rule.targetDirectory))" }
      }
      throw .unreadable([
        "\(path): no mapping of it that is turned on gives userName, or what could be taken for it, so no policy can "
          + "be made of it. It maps: "
          + (found.isEmpty ? "nothing" : found.joined(separator: ", ")) + "."
      ])
    }
    self.rule = rule
    self.users = users
    let groups = rule.objects.first { object in
      object != users
        && object.attributes.contains {
          EntraTarget(name: $0.target, subject: .teams).path == .displayName
        }
        && (object.source.lowercased().contains("group")
          || object.target.lowercased().contains("group"))
    }
    self.groups = groups
    definitions = schema.definitions
    others = rules.flatMap { other in
      other.objects.filter { $0 != users && $0 != groups || other != rule }.map { object in
        "the mapping “\(object.name)” (\(object.source) to \(object.target))"
      }
    }
  }

  /// What the source directory says of the attributes of a mapping's objects.
  func definitions(of object: EntraSchema.ObjectMapping) -> [String: EntraSchema.Definition] {
    definitions["\(rule.sourceDirectory)/\(object.source)"] ?? [:]
  }

  /// What the target directory says of the attributes of a mapping's objects.
  func targetDefinitions(
    of object: EntraSchema.ObjectMapping
  ) -> [String: EntraSchema.Definition] {
    definitions["\(rule.targetDirectory)/\(object.target)"] ?? [:]
  }
}
