package import ArgumentParser
import Reconciling

/// `rollcall`: flags become settings, settings one call of `Job`, and what comes back is shown.
package struct RollcallCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "rollcall",
    abstract: "Make members and teams agree with last night's directory exports.",
    discussion: """
      Reads the exports that the policy names, works out the smallest safe set of changes, and applies \
      it, or only reports it. Nothing is changed without apply.

        rollcall check                     what will be read, and what is missing
        rollcall plan --out tonight.plan   what would change; guards are judged
        rollcall show tonight.plan         every change, old and new values
        rollcall explain ann@contoso.com   one person or team, and why not more
        rollcall apply tonight.plan        carry it out

      Exit codes: 0 done, or nothing to do; 1 unexpected failure; 2 there are changes (with \
      --detailed-exitcode); 3 input unreadable; 4 refused by a guard; 5 plan is stale; 6 another run \
      holds the lock; 9 verification failed; 10 done, but something is held or withheld; 64 usage; 78 \
      policy file invalid; 130 interrupted.
      """,
    version: RollcallVersion.text,
    groupedSubcommands: [
      CommandGroup(
        name: "Every night",
        subcommands: [
          CheckCommand.self, PlanCommand.self, ShowCommand.self, ExplainCommand.self,
          ApplyCommand.self,
        ]),
      CommandGroup(
        name: "After a refusal", subcommands: [ApproveCommand.self, ResumeCommand.self]),
      CommandGroup(
        name: "Looking back",
        subcommands: [
          HistoryCommand.self, ReportCommand.self, ExportCommand.self, AttestCommand.self,
          VerifyCommand.self,
        ]),
      CommandGroup(
        name: "Trying it out",
        subcommands: [
          InspectCommand.self, InitCommand.self, DiffCommand.self, ExprCommand.self,
          RefreshCommand.self,
        ]),
    ])

  package init() {}
}
