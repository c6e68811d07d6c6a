/// What commands need to be about the same job, as a shell takes it.
///
/// ```
/// rollcall plan --out PLAN --policy other.yaml --exports tonight      all of it
/// rollcall apply PLAN --policy other.yaml                             what a plan has read is read
/// ```
package struct JobWords: Sendable, Hashable, ExpressibleByStringLiteral {
  /// The policy and the state.
  package let ofState: String
  /// The folder of exports.
  package let ofExports: String

  package init(ofState: String, ofExports: String = "") {
    self.ofState = ofState
    self.ofExports = ofExports
  }

  package init(stringLiteral text: String) { self.init(ofState: text) }

  package var whole: String {
    [ofState, ofExports].filter { !$0.isEmpty }.joined(separator: " ")
  }
}
