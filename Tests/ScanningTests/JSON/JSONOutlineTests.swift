import Scanning
import Testing

/// Finding records in JSON text, wherever the buffers end.
struct JSONOutlineTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let text: String
    var path: [String] = []
    let steps: [String]
    var testDescription: String { text }
  }

  static let cases = [
    Case(text: #"[{"a":1},{"a":"}]"}]"#, steps: [#"{"a":1}"#, #"{"a":"}]"}"#]),
    Case(text: #"[]"#, steps: []),
    Case(text: #" [ 1 , "x" , null ] "#, steps: ["1", #""x""#, "null"]),
    Case(text: "{\"a\":1}\n{\"a\":[2,[3]]}\n", steps: [#"{"a":1}"#, #"{"a":[2,[3]]}"#]),
    Case(text: #"{"a":1}{"a":2}"#, steps: [#"{"a":1}"#, #"{"a":2}"#]),
    Case(text: #"[{"a":"\\\""},{"b":"\\"}]"#, steps: [#"{"a":"\\\""}"#, #"{"b":"\\"}"#]),
    Case(
      text: #"{"n": [1], "value" : [ {"id":1} ,{"id":2}], "next":"x\"y"}"#, path: ["value"],
      steps: [
        #"{"id":1}"#, #"{"id":2}"#, #"envelope {"n":[1],"value":[],"next":"x\"y"}"#,
      ]),
    Case(
      text: #"[{"value":[1]},{"value":[]}]"#, path: ["value"],
      steps: ["1", #"envelope {"value":[]}"#, #"envelope {"value":[]}"#]),
    Case(
      text: #"{"a":{"b":[{}],"c":2}}"#, path: ["a", "b"],
      steps: ["{}", #"envelope {"a":{"b":[],"c":2}}"#]),
    Case(
      text: #"{"error":{"value":[1]}}"#, path: ["value"],
      steps: [
        #"without list {"error":{"value":[1]}}"#
      ]),
    Case(text: "[1][2]", steps: ["1", "broken at 3"]),
    Case(text: "[1,]", steps: ["1", "broken at 3"]),
    Case(text: "[,1]", steps: ["broken at 1"]),
    Case(text: "[1 2]", steps: ["1", "broken at 3"]),
    Case(text: #"{"value":[1],}"#, path: ["value"], steps: ["1", "broken at 13"]),
    Case(text: #"{"value" [1]}"#, path: ["value"], steps: ["broken at 9"]),
    Case(text: "]", steps: ["broken at 0"]),
    Case(text: "[1", steps: ["1", "cut off"]),
    Case(text: #"[{"a":"]"#, steps: ["cut off"]),
    Case(text: "", steps: []),
  ]

  @Test(arguments: cases)
  func recordsAreFoundWhereverBuffersEnd(_ sample: Case) {
    for size in 1...(sample.text.utf8.count + 1) {
      #expect(Self.steps(sample, size: size) == sample.steps, "in buffers of \(size)")
    }
  }

  @Test func aDeepDocumentIsSteppedOver() {
    let depth = 1_000_000
    let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    let sample = Case(text: "[\(text)]", steps: [])
    #expect(Self.steps(sample, size: 1 << 16).map(\.utf8.count) == [2 * depth])
  }

  /// What the outline says of a text that comes in pieces.
  private static func steps(_ sample: Case, size: Int) -> [String] {
    var outline = JSONOutline(path: sample.path.map { Array($0.utf8) })
    var rest = Array(sample.text.utf8)[...]
    if sample.text.last != "\n" { rest = rest + [0x0A] }
    var buffer: [UInt8] = []
    var steps: [String] = []
    while true {
      switch outline.next(in: buffer + [UInt8](repeating: 0x7B, count: 64), to: buffer.count) {
      case .record(let range): steps.append(String(decoding: buffer[range], as: UTF8.self))
      case .envelope(let text, let hasList):
        let text = String(decoding: text, as: UTF8.self)
        steps.append("\(hasList ? "envelope" : "without list") \(text)")
      case .broken(let problem):
        let before = Array(sample.text.utf8).count + 1 - rest.count - buffer.count
        return steps + ["broken at \(before + problem.offset)"]
      case .needsMore:
        guard !rest.isEmpty else { return outline.isComplete ? steps : steps + ["cut off"] }
        let keep = outline.openRecord ?? outline.place
        buffer.removeSubrange(0..<keep)
        outline.drop(keep)
        buffer += rest.prefix(size)
        rest = rest.dropFirst(size)
      }
    }
  }
}
