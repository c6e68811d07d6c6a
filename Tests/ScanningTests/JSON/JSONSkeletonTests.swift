import Testing

@testable import Scanning

struct JSONSkeletonTests {
  private func skeleton(_ text: String) -> JSONSkeleton { JSONSkeleton(Array(text.utf8)[...]) }

  @Test(arguments: [
    (#"{"id":17,"a":"x"}"#, #"{"id":28,"a":"a longer one"}"#),
    (#"{"a":"x","b":["y"]}"#, #"{"a":"\"","b":["\\"]}"#),
    (#"{"a":[{"type":"work","value":"x"}]}"#, #"{"a":[{"type":"work","value":"y"}]}"#),
    (#"{"a":-1.5e3}"#, #"{"a":-2.7e9}"#),
  ])
  func recordsWithOtherValuesHaveTheSame(one: String, other: String) {
    #expect(skeleton(one) == skeleton(other))
  }

  @Test(arguments: [
    (#"{"id":"a"}"#, #"{"ID":"a"}"#), (#"{"a":"x"}"#, #"{"a":null}"#),
    (#"{"a":[]}"#, #"{"a":[1]}"#),
    (#"{"a":[{"type":"work","value":"x"}]}"#, #"{"a":[{"type":"home","value":"x"}]}"#),
    (#"{"a":[{"value":"x","type":"work"}]}"#, #"{"a":[{"value":"x","type":"home"}]}"#),
    (#"{"a":[{"value":"x","type" : "work"}]}"#, #"{"a":[{"value":"x","type" : "home"}]}"#),
    (#"{"a":[{"typ\u0065":"work"}]}"#, #"{"a":[{"typ\u0065":"home"}]}"#),
    (#"{"a":"b"}"#, #"{"a":{"b":"c"}}"#), (#"{"a":true}"#, #"{"a":false}"#),
  ])
  func recordsWithOtherFieldsHaveOthers(one: String, other: String) {
    #expect(skeleton(one) != skeleton(other))
  }

  @Test func whatIsCutOffHasOneToo() {
    let text = #"{"a":"b\"c","type":"d"}"#
    for count in 0...text.utf8.count { _ = JSONSkeleton(Array(text.utf8)[..<count]) }
  }
}
