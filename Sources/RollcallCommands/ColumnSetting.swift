import ArgumentParser
import Mapping
import Scanning

/// What `--set` and `--set-json` say of a column.
///
/// ```
/// --set surname=Doe        --set-json 'mails=["a@x.org"]'        --set-json manager=null
/// ```
struct ColumnSetting: Sendable {
  let column: String
  let value: ExpressionTrial.Input

  init(text: String) throws {
    let (column, value) = try Self.parts(of: text, option: "--set", example: "surname=Doe")
    self.column = column
    self.value = .text(String(value))
  }

  init(json text: String) throws {
    let example = #"mails=["a@x.org","b@x.org"]"#
    let (column, value) = try Self.parts(of: text, option: "--set-json", example: example)
    self.column = column
    guard let json = try? JSONParser.parse(Array(value.utf8)), let input = Self.input(json) else {
      throw ValidationError(
        "“\(value)” is not a JSON text, number, true, false, null, or a list of texts; write it like "
          + example + ".")
    }
    self.value = input
  }

  private static func parts(
    of text: String, option: String, example: String
  ) throws -> (String, Substring) {
    guard let sign = text.firstIndex(of: "="), sign != text.startIndex else {
      throw ValidationError("\(option) takes a column and its value, such as \(example).")
    }
    return (String(text[..<sign]), text[text.index(after: sign)...])
  }

  private static func input(_ json: JSONValue) -> ExpressionTrial.Input? {
    switch json {
    case .null: return .null
    case .array(let items):
      let texts = items.compactMap(text)
      return texts.count == items.count ? .list(texts) : nil
    case .bool(let value): return .truth(value)
    default: return text(of: json).map { .text($0) }
    }
  }

  private static func text(of json: JSONValue) -> String? {
    switch json {
    case .string(let text), .number(let text): text
    case .bool(let value): value ? "True" : "False"
    case .null, .array, .object: nil
    }
  }
}
