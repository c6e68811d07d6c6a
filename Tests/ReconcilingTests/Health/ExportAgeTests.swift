import Foundation
import Identity
import PlanFile
import TestSupport
import Testing

@testable import Reconciling

/// Yesterday's file says what was yesterday.
struct ExportAgeTests {
  @Test(arguments: [
    ("users-2026-03-01.csv", "2026-03-01T00:00:00Z"),
    ("in/users_20260301.csv.gz", "2026-03-01T00:00:00Z"),
    ("20260301T0215Z-users.csv", "2026-03-01T02:15:00Z"),
    ("users_2026-03-01_02-15-30.csv", "2026-03-01T02:15:30Z"),
    ("users.20260301021530.csv", "2026-03-01T02:15:30Z"),
    ("2024-02-29.json", "2024-02-29T00:00:00Z"),
  ])
  func dateInAFileNameIsFound(name: String, date: String) {
    #expect(ExportDate.inFileName(name) == ExportDate.parse(date))
    #expect(ExportDate.parse(date) != nil)
  }

  @Test(arguments: [
    "users.csv", "users-2026.csv", "users-2026-13-01.csv", "users-2026-02-30.csv",
    "1202603010.csv", "202603011.csv", "2025-02-29.csv", "users-20260301999.csv",
    "2026-03-01/users.csv",
  ])
  func otherNumbersAreNoDates(name: String) {
    #expect(ExportDate.inFileName(name) == nil)
  }

  @Test func timesOfManifestsHaveOffsets() {
    #expect(ExportDate.parse("1970-01-02") == 86_400)
    #expect(ExportDate.parse("1970-01-01T01:00:00+01:00") == 0)
    #expect(ExportDate.parse("1970-01-01T00:00:00.123-0130") == 5400)
    for text in [
      "", "yesterday", "1970-01-01T", "1970-01-01T00:00:00+1", "1970-1-1", "1970-01-01x",
    ] {
      #expect(ExportDate.parse(text) == nil, "\(text)")
    }
  }

  private static let staff: [Person] = (1...40).map { Person("person\($0)") }

  private static func settled(_ path: String, _ more: String, file: String) async throws -> Company
  {
    let company = try Company(
      CompanyPolicy(
        people: "    - {name: staff, path: '\(path)', content: full\(more)}",
        sections: CompanyPolicy.wideGuards))
    try company.write(Person.csv(staff), as: file)
    try company.touch(file, night: 1)
    try await company.apply(night: 1)
    try company.remove(file)
    return company
  }

  @Test func fileOlderThanThePolicyAllowsRemovesNobody() async throws {
    for (name, written, source) in [
      ("users-2026-02-28.csv", 2, "file's name"), ("users.csv", 0, "was written"),
    ] {
      let company = try await Self.settled(
        "users*.csv", ", maxAge: 26h", file: "users-2026-02-27.csv")
      try company.write(Person.csv(Array(Self.staff.dropLast())), as: name)
      try company.touch(name, night: written)
      let plan = try await company.plan(night: 2)

      #expect(plan.removals == [])
      #expect(plan.isReliable("staff") == false)
      let finding = try #require(plan.evidence.findings.first { $0.code == "health.too-old" })
      #expect(finding.message.contains(source))
      #expect(finding.message.contains("48 hours") || finding.message.contains("50 hours"))
    }
  }

  @Test func youngFileIsBelieved() async throws {
    let company = try await Self.settled("users.csv", ", maxAge: 26h", file: "users.csv")
    try company.write(Person.csv(Array(Self.staff.dropLast())), as: "users.csv")
    try company.touch("users.csv", night: 2)

    #expect(try await company.plan(night: 2).removals == ["deactivate-member person40"])
    #expect(try await company.plan(night: 4).removals == [])
  }

  @Test func maxAgeOfAllExportsIsTheOneOfEach() async throws {
    let company = try Company(
      CompanyPolicy(sections: "health: {maxAge: 26h}\n\(CompanyPolicy.wideGuards)"))
    try company.people(Self.staff)
    try company.touch("users.csv", night: 1)

    #expect(try await company.plan(night: 1).isReliable("staff") == true)
    #expect(try await company.plan(night: 3).isReliable("staff") == false)
  }

  @Test func olderFileThanThatOfTheLastRunRemovesNobody() async throws {
    let company = try await Self.settled("users-*.csv", "", file: "users-2026-02-28.csv")
    try company.write(Person.csv(Array(Self.staff.dropLast())), as: "users-2026-02-27.csv")
    let plan = try await company.plan(night: 2)

    #expect(plan.removals == [])
    #expect(plan.findings["health.older-than-before"] == 1)
  }

  @Test(arguments: [0, 2])
  func fileWrittenBeforeThatOfTheLastRunRemovesNobody(night: Int) async throws {
    let company = try await Self.settled("users.csv", "", file: "users.csv")
    try company.write(Person.csv(Array(Self.staff.dropLast())), as: "users.csv")
    try company.touch("users.csv", night: night)
    let plan = try await company.plan(night: 2)
    #expect(plan.removals == (night == 0 ? [] : ["deactivate-member person40"]))
    #expect(plan.findings["health.older-than-before"] == (night == 0 ? 1 : nil))
  }

  /// Else every right export after it would be older than the last good run.
  @Test(arguments: [("users.csv", 40), ("users-2026-04-20.csv", 2)])
  func aDateAheadOfTheClockIsNotKept(name: String, written: Int) async throws {
    let company = try await Self.settled("users*.csv", "", file: "users-2026-03-01.csv")
    try company.write(Person.csv(Self.staff), as: name)
    try company.touch(name, night: written)
    let ahead = try await company.apply(night: 2)
    #expect(ahead.isReliable("staff") == true)
    #expect(ahead.findings["health.future-date"] == (name == "users.csv" ? nil : 1))
    try company.remove(name)
    let right = name == "users.csv" ? name : "users-2026-03-03.csv"
    try company.write(Person.csv(Array(Self.staff.dropLast())), as: right)
    try company.touch(right, night: 3)
    #expect(try await company.plan(night: 3).removals == ["deactivate-member person40"])
    // What was known before is known still.
    guard name != "users.csv" else { return }
    try company.remove(right)
    try company.write(Person.csv(Array(Self.staff.dropLast())), as: "users-2026-02-28.csv")
    #expect(try await company.plan(night: 3).findings["health.older-than-before"] == 1)
  }

  @Test func whereAgeCountsADateAheadOfTheClockRemovesNobody() async throws {
    let company = try await Self.settled("users.csv", ", maxAge: 26h", file: "users.csv")
    try company.write(Person.csv(Array(Self.staff.dropLast())), as: "users.csv")
    try company.touch("users.csv", night: 40)
    let plan = try await company.plan(night: 2)
    #expect(plan.removals == [])
    #expect(plan.findings["health.future-date"] == 1)
  }

  @Test func oldestShardCounts() async throws {
    let company = try await Self.settled(
      "users-*.csv", ", maxAge: 26h", file: "users-2026-03-01.csv")
    try company.write(Person.csv(Array(Self.staff.prefix(20))), as: "users-2026-03-01-1.csv")
    try company.write(Person.csv(Array(Self.staff[20..<39])), as: "users-2026-03-02-2.csv")
    let plan = try await company.plan(night: 2)

    #expect(plan.findings["health.too-old"] == nil)
    #expect(try await company.plan(night: 3).findings["health.too-old"] == 1)
  }
}

extension Company {
  /// Sets when a file was written: at the beginning of a night's run.
  func touch(_ name: String, night: Int) throws {
    let date = Date(timeIntervalSince1970: Double(Self.firstNight + (night - 1) * 86_400))
    try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path(name))
  }
}
