import Reading

extension JobFailure {
  /// What stopped an export from being read and resolved, where both may fail.
  init(reading error: any Error) {
    switch error {
    case let failure as ReadFailure: self = .unreadable([failure.message])
    case let failure as JobFailure: self = failure
    default: self = .unexpected("\(error)")
    }
  }
}
