import ArgumentParser
import Foundation

/// Reads the same lines as most Swift programs would: `JSONDecoder`, a structure for each record.
struct DecodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decode",
    abstract:
      "Reads SCIM users line by line with Foundation's JSONDecoder; prints what read prints.")

  @Argument(help: "The file.")
  var file: String

  /// The columns that `read` is asked for, and no others.
  private struct User: Decodable {
    struct Name: Decodable {
      var familyName: String
      var givenName: String
    }

    struct Value: Decodable {
      var value: String
    }

    var id: String
    var userName: String
    var displayName: String
    var title: String
    var active: Bool
    var name: Name
    var emails: [Value]

    var length: Int {
      let texts = [id, userName, displayName, title, name.familyName, name.givenName]
      return texts.reduce(active ? 4 : 5) { $0 + $1.utf8.count }
        + emails.reduce(0) { $0 + $1.value.utf8.count }
    }
  }

  /// Bytes read at once; a file need not fit into memory.
  private static let step = 8 << 20

  func run() throws {
    let handle = try FileHandle(forReadingFrom: URL(filePath: file))
    let decoder = JSONDecoder()
    var (records, length) = (0, 0)
    var rest = Data()
    while let block = try handle.read(upToCount: Self.step), !block.isEmpty {
      rest.append(block)
      guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else { continue }
      for line in rest[...end].split(separator: UInt8(ascii: "\n")) {
        length += try decoder.decode(User.self, from: line).length
        records += 1
      }
      rest = Data(rest[rest.index(after: end)...])
    }
    print("records \(records) bytes \(length) set aside 0")
  }
}
