/// The version of the program, as plans, reports and `rollcall --version` name it.
package enum RollcallVersion {
  package static let text = "0.1.0"
}
