package import Identity

extension Evidence {
  /// What one operation rests on; like the operation, one reference.
  package struct Grounds: Sendable {
    private final class Content: Sendable {
      let origins: [RecordOrigin]
      let stateBefore: String?

      init(_ origins: [RecordOrigin], _ stateBefore: String?) {
        self.origins = origins
        self.stateBefore = stateBefore
      }
    }

    private enum Form: Sendable {
      case whole(Content)
      /// One record of many, and nothing was there before.
      case shared(SharedOrigins, place: UInt32)
    }

    private let form: Form
    private let number: UInt32

    package init(operation: Int, origins: [RecordOrigin], stateBefore: String?) {
      form = .whole(Content(origins, stateBefore))
      number = Self.number(of: operation)
    }

    /// Those of something new that one record asks for, such as a newcomer or a membership.
    package init(operation: Int, _ origins: SharedOrigins, at place: Int) {
      form = .shared(origins, place: UInt32(place))
      number = Self.number(of: operation)
    }

    /// A damaged file may hold any number; what cannot be the place of an operation becomes one that no plan has.
    private static func number(of operation: Int) -> UInt32 { UInt32(exactly: operation) ?? .max }

    private init(_ form: Form, operation: Int) {
      self.form = form
      number = Self.number(of: operation)
    }

    /// The same grounds for the operation at another place.
    package func of(operation: Int) -> Evidence.Grounds {
      Evidence.Grounds(form, operation: operation)
    }

    /// Which operation, by its place in `Decisions.operations`.
    package var operation: Int { Int(number) }

    /// Whether its operation stands so many places behind another one.
    func follows(_ first: Int, by distance: Int) -> Bool { operation == first + distance }

    package var origins: [RecordOrigin] {
      switch form {
      case .whole(let content): content.origins
      case .shared(let origins, let place): [origins[Int(place)]]
      }
    }

    /// Its one record by its place in a column of many; nil where it stands on its own.
    package var shared: (origins: SharedOrigins, place: Int)? {
      if case .shared(let origins, let place) = form { (origins, Int(place)) } else { nil }
    }

    /// The place of its one record among these; nil where it is none of them.
    func place(among origins: SharedOrigins) -> UInt32? {
      if case .shared(let own, let place) = form, own === origins { place } else { nil }
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
