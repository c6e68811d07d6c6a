import Foundation
import Identity
import PlanFile
import TestSupport
import Testing

@testable import Reconciling

/// What may not matter to a plan: the order of rows, threads, how the bytes are written, where the files are.
struct DeterminismTests {
  private static let first: [Person] = (0..<60).map { Person("person\($0)") }

  /// Sixty people of whom some change, leave and come; some are held, some cannot be read.
  private static let second: [Person] = {
    var people = (3..<60).map { number in
      Person("person\(number)").with { person in
        if number % 7 == 0 { person.title = "Lead, \"Sales\"" }
        if number % 11 == 0 { person.city = "München" }
        if number == 20 { person.enabled = "False" }
        if number == 21 { person.enabled = "maybe" }
        if number == 22 { person.userName = "person23" }
        if number == 23 { person.userName = "person22" }
        if number == 24 { person.title = "" }
      }
    }
    people += [
      "new1", "new2", Person("twin"), Person("twin").with { $0.title = "Other" },
      Person("person5").with { $0.id = "E-other" },
    ]
    return people
  }()

  private static let memberships: [(team: String, member: String)] = second.enumerated().flatMap {
    place, person in
    [(team: ["Sales", "Legal", "Works"][place % 3], member: person.userName)]
      + (place % 4 == 0 ? [(team: "All", member: person.userName)] : [])
  }

  /// A company after its first night with the files of the second, written by `write`.
  private static func company(
    like state: Company? = nil, write: (Company) throws -> Void = standard
  ) async throws -> Company {
    let company = try Company(
      CompanyPolicy(hasTeams: true, sections: CompanyPolicy.wideGuards))
    if let state {
      try FileManager.default.copyItem(atPath: state.state, toPath: company.state)
    } else {
      try company.people(first)
      try company.teams(["Sales", "Legal", "All"])
      try company.memberships(first.map { ("All", $0.userName) })
      try await company.apply(night: 1)
    }
    try write(company)
    return company
  }

  @Sendable private static func standard(_ company: Company) throws {
    try company.people(second)
    try company.teams(["Sales", "Legal", "Works", "All"])
    try company.memberships(memberships)
  }

  /// The same files, written in another way.
  struct Variant: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let write: @Sendable (Company) throws -> Void

    init(_ description: String, write: @escaping @Sendable (Company) throws -> Void) {
      testDescription = description
      self.write = write
    }

    /// The standard files with their text changed.
    static func text(
      _ description: String, _ change: @escaping @Sendable (String) throws -> [UInt8]
    ) -> Variant {
      Variant(description) { company in
        try standard(company)
        for name in ["users.csv", "groups.csv", "members.csv"] {
          let text = String(decoding: try company.read(name), as: UTF8.self)
          try company.write(try change(text), as: name)
        }
      }
    }
  }

  private static func shuffled(_ text: String, seed: UInt64) -> String {
    var random = SeededGenerator(seed: seed)
    var lines = text.split(separator: "\n")
    let header = lines.removeFirst()
    return ([header] + lines.shuffled(using: &random)).joined(separator: "\n") + "\n"
  }

  static let variants: [Variant] =
    (1...4).map { seed in
      .text("rows shuffled with seed \(seed)") { Array(shuffled($0, seed: UInt64(seed)).utf8) }
    } + [
      .text("CRLF") { Array($0.replacing("\n", with: "\r\n").utf8) },
      // A file that has no final newline, where that of the night before had one, may be cut: HealthGateTests.
      .text("byte order mark") { [0xEF, 0xBB, 0xBF] + Array($0.utf8) },
      .text("UTF-16, little-endian") {
        [0xFF, 0xFE] + $0.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
      },
      .text("UTF-16, big-endian") {
        [0xFE, 0xFF] + $0.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
      },
      Variant("every cell quoted") { company in
        try standard(company)
        let rows = [Person.header] + second.map(\.cells)
        let text = rows.map { row in
          row.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }.joined(separator: ",")
        }.joined(separator: "\n")
        try company.write(text + "\n", as: "users.csv")
      },
      Variant("semicolons") { company in
        try standard(company)
        let rows = ([Person.header] + second.map(\.cells)).map { row in
          row.map { $0.contains("\"") ? Person.quoted($0) : $0 }.joined(separator: ";")
        }
        try company.write(rows.joined(separator: "\n") + "\n", as: "users.csv")
      },
      Variant("columns in another order") { company in
        try standard(company)
        let rows = ([Person.header] + second.map(\.cells)).map { row in
          row.reversed().map(Person.quoted).joined(separator: ",")
        }
        try company.write(rows.joined(separator: "\n") + "\n", as: "users.csv")
      },
    ]

  @Test(arguments: variants)
  func decisionsAreTheSameBytesHoweverTheFilesAreWritten(_ variant: Variant) async throws {
    let company = try await Self.company()
    let other = try await Self.company(like: company, write: variant.write)
    let (expected, plan) = (try await company.plan(night: 2), try await other.plan(night: 2))

    #expect(plan.operations == expected.operations)
    #expect(plan.decisionBytes == expected.decisionBytes)
    #expect(expected.operations.count > 60)
  }

  @Test(arguments: [1, 2, 3, 4, 7])
  func threadsDoNotShow(jobs: Int) async throws {
    let company = try await Self.company()
    let expected = try await company.plan(night: 2, jobs: 2)
    let plan = try await company.plan(night: 2, jobs: jobs)

    #expect(plan.bytes == expected.bytes)
  }

  @Test func samePlanIsTheSameBytesAgain() async throws {
    let company = try await Self.company()
    let (one, other) = (try await company.plan(night: 2), try await company.plan(night: 2))

    #expect(one.bytes == other.bytes)
    #expect(try await company.save(night: 2).name == company.save(night: 2).name)
  }

  @Test func anotherFolderChangesNoDecision() async throws {
    let company = try await Self.company()
    let elsewhere = company.path("elsewhere")
    try FileManager.default.createDirectory(
      atPath: elsewhere, withIntermediateDirectories: true)
    for name in ["users.csv", "groups.csv", "members.csv"] {
      try company.write(try company.read(name), as: "elsewhere/" + name)
    }
    let settings = JobSettings(
      policy: company.path("rollcall.yaml"), exportsFolder: elsewhere,
      now: Company.firstNight + 86_400)
    let plan = try await Job(settings).plan().plan
    let expected = try await company.plan(night: 2)

    #expect(plan.decisionBytes == expected.decisionBytes)
    #expect(plan.bytes != expected.bytes)
  }

  @Test func anotherHourChangesNoDecision() async throws {
    let company = try await Self.company()
    let expected = try await company.plan(night: 2)

    #expect(try await company.plan(night: 3).decisionBytes == expected.decisionBytes)
  }

  @Test func planWithoutApplyChangesNothing() async throws {
    let company = try await Self.company()
    let before = try company.export()
    let runs = try company.job(night: 2).history()
    _ = try await company.plan(night: 2)

    #expect(try company.export() == before)
    #expect(try company.job(night: 2).history() == runs)
  }
}
