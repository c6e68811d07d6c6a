package import Identity

extension Evidence {
  /// What one operation rests on; like the operation, one reference.
  package struct Grounds: Sendable {
    private final class Content: Sendable {
      let operation: Int
      let origins: [RecordOrigin]
      let stateBefore: String?

      init(_ operation: Int, _ origins: [RecordOrigin], _ stateBefore: String?) {
        self.operation = operation
        self.origins = origins
        self.stateBefore = stateBefore
      }
    }

    private enum Form: Sendable {
      case whole(Content)
      case newcomer(NewcomerOrigins, place: UInt32, operation: UInt32)
    }

    private let form: Form

    package init(operation: Int, origins: [RecordOrigin], stateBefore: String?) {
      form = .whole(Content(operation, origins, stateBefore))
    }

    /// Those of the create of a newcomer.
    package init(operation: Int, _ origins: NewcomerOrigins, at place: Int) {
      form = .newcomer(origins, place: UInt32(place), operation: UInt32(operation))
    }

    /// Which operation, by its place in `Decisions.operations`.
    package var operation: Int {
      switch form {
      case .whole(let content): content.operation
      case .newcomer(_, _, let operation): Int(operation)
      }
    }

    package var origins: [RecordOrigin] {
      switch form {
      case .whole(let content): content.origins
      case .newcomer(let origins, let place, _): [origins[Int(place)]]
      }
    }

    /// Fingerprint of what the operation changes as the plan saw it, 32 hexadecimal digits;
    /// nil for what did not exist.
    package var stateBefore: String? {
      if case .whole(let content) = form { content.stateBefore } else { nil }
    }
  }
}

extension Evidence.Grounds: Hashable {
  package static func == (left: Evidence.Grounds, right: Evidence.Grounds) -> Bool {
    left.operation == right.operation && left.origins == right.origins
      && left.stateBefore == right.stateBefore
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(operation)
    hasher.combine(origins)
  }
}
