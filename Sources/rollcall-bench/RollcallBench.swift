import ArgumentParser

/// Makes data that looks like a directory's, and times rollcall on it.
///
/// ```
/// rollcall-bench generate --rows 1000000 --output .build/bench/data
/// rollcall-bench samples --output Samples/Contoso
/// rollcall-bench run --rows 1000000
/// ```
@main
struct RollcallBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollcall-bench",
    abstract: "Makes data that looks like a directory's, and times rollcall on it.",
    subcommands: [
      GenerateCommand.self, SamplesCommand.self, RunCommand.self, ReadCommand.self,
      DecodeCommand.self,
    ])
}
