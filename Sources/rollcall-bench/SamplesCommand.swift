import ArgumentParser
import Foundation

/// Writes the sample company; the result is committed, and `make check` compares it.
struct SamplesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "samples",
    abstract: "Writes the three nights of exports of the sample company Contoso.")

  @Option(help: "The folder that gets night-1, night-2 and night-3.")
  var output = "Samples/Contoso"

  func run() throws {
    var story = ContosoNights()
    let nights = story.nights()
    try ContosoFiles(folder: URL(filePath: output, directoryHint: .isDirectory)).write(nights)
    for night in nights {
      print(
        "\(output)/night-\(night.number): \(night.company.people.count) people, "
          + "\(night.company.teams.count) teams")
    }
  }
}
