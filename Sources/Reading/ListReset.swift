/// What stands where a delta says that somebody is gone, in a row that takes everybody out of a list.
///
/// ```
/// replace: member                    Sales  –    everybody
/// member: uid=ann,dc=x               Sales  ann  add
///
/// {"op":"remove","path":"members"}   {"members":[{"@removed":{"reason":"everybody"}}]}
/// ```
///
/// No directory writes the word; a row with a member in it is never one of these.
package enum ListReset {
  package static let word: StaticString = "everybody"
}
