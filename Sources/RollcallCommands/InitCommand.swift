import ArgumentParser
import Foundation
import PlanFile
import Reconciling
import Reporting

/// `rollcall init` writes a first policy file for some exports.
struct InitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a first policy file for some exports.",
    discussion: """
      Looks into the files as inspect does, and writes a policy with comments that reads them: presets where the \
      columns are a directory's own, else a mapping by the names of columns. Go through it before the first plan.

        rollcall init users.json groups.json members.csv
        rollcall init 'exports/users-*.csv' --out policies/staff.yaml

      With --from-entra the policy says what an Entra provisioning job says: mappings with their expressions, \
      matching precedence, flow types, target actions and scoping filters. The schema is what the portal downloads \
      (Provisioning, Attribute mapping, Review your schema) or Microsoft Graph answers \
      (…/synchronization/jobs/{id}/schema). Exports named besides lend their paths and the names of their columns. \
      What could not be carried over stands in the policy as a comment.

        rollcall init --from-entra schema.json users.csv groups.csv members.csv

      Exit code 3 if a file cannot be read, or if none of them is about people or teams; with --from-entra, if the \
      file is no schema, or maps nothing to a user name.
      """)

  @Argument(help: ArgumentHelp("The exports.", valueName: "file"))
  var files: [String] = []

  @Option(
    name: .customLong("from-entra"),
    help: ArgumentHelp(
      "Make the policy from this synchronization schema of Microsoft Entra.", valueName: "schema"))
  var fromEntra: String?

  @Option(help: ArgumentHelp("Where to write it; - is standard output.", valueName: "file"))
  var out = "rollcall.yaml"

  @Flag(help: "Write over a file that is there.")
  var force = false

  @OptionGroup(title: "Console options")
  var consoleOptions: ConsoleOptions

  func validate() throws {
    guard !files.isEmpty || fromEntra != nil, !files.contains("-") else {
      throw ValidationError("Name the files that the exports will have every night.")
    }
    guard out == "-" || force || !FileManager.default.fileExists(atPath: out) else {
      throw ValidationError("\(out) is there already; --force writes over it, --out elsewhere.")
    }
  }

  func run() async throws {
    let console = Console(consoleOptions)
    let exports = try await ExportInspector(jobs: nil).inspect(files)
    let folder = out == "-" ? "" : (out as NSString).deletingLastPathComponent
    let text = try text(for: exports, folder: folder, console)
    guard out != "-" else {
      let output = console.data(.text)
      try output.append(Array(text.utf8))
      try output.end()
      return
    }
    do {
      try OutputFile.write(to: out, mode: 0o644) { (sink) throws(OutputFailure) in
        try sink.append(text)
      }
    } catch {
      throw JobFailure.unexpected(error.description)
    }
    try console.say(
      """
      Wrote \(VisibleText(out)). Go through it, then:
        rollcall check --policy \(VisibleText(ShellWord(out).description))

      """)
  }

  private func text(
    for exports: [InspectedExport], folder: String, _ console: Console
  ) throws(JobFailure) -> String {
    guard let fromEntra else {
      let draft = PolicyDraft(exports) { Self.path($0, from: folder) }
      guard draft.isPossible else {
        throw .unreadable(exports.map(Self.whyNothing))
      }
      return draft.text
    }
    let draft = try EntraDraft(contentsOf: fromEntra, exports: exports) {
      Self.path($0, from: folder)
    }
    for sentence in draft.left { console.remark("not carried over: \(VisibleText(sentence))") }
    return draft.text
  }

  /// Why no policy can be made of a file alone.
  private static func whyNothing(of export: InspectedExport) -> String {
    export.kind == .memberships
      ? "\(export.path): a list of memberships. Name the exports of the people and teams, too, that are in it."
      : "\(export.path): its columns do not tell whether it is about people or teams. "
        + "Look at it with rollcall inspect, and write the policy by hand."
  }

  /// A path as the policy has it, which is relative to its own folder.
  private static func path(_ path: String, from folder: String) -> String {
    guard !folder.isEmpty, !path.hasPrefix("/") else { return path }
    return FileManager.default.currentDirectoryPath + "/" + path
  }
}
