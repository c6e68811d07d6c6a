import Foundation
import Glibc
import TestSupport
import Testing

/// A policy that is no file, and a report folder that is one: said in our words, and at once.
struct PolicyFileTests {
  @Test func aPipeIsNoPolicyAndNobodyWaitsForIt() throws {
    let job = try SmallJob(people: ["ann"])
    // SAFETY: Swift passes a NUL-terminated copy of the path that lives through the call.
    let made = unsafe mkfifo(job.path + "/pipe", 0o600)
    #expect(made == 0)
    let run = try job.run("plan", "--policy", "pipe")
    #expect(run.code == 78)
    #expect(run.complaints.contains("it is a pipe or a device and no file"), "\(run.complaints)")
    try job.addToPolicy("expressions: {tables: {offices: pipe}}")
    let table = try job.run("plan")
    #expect(table.code == 78)
    #expect(table.complaints.contains("offices"), "\(table.complaints)")
  }

  @Test func aFolderIsNoPolicy() throws {
    let job = try SmallJob(people: ["ann"])
    let run = try job.run("plan", "--policy", ".")
    #expect(run.code == 78)
    #expect(run.complaints.contains("it is a folder"), "\(run.complaints)")
  }

  @Test func aLinkToAFileIsAsGoodAsTheFile() throws {
    let job = try SmallJob(people: ["ann"])
    try FileManager.default.createSymbolicLink(
      atPath: job.path + "/link.yaml", withDestinationPath: "rollcall.yaml")
    #expect(try job.run("plan", "--policy", "link.yaml").code == 0)
  }

  @Test func aFileInThePlaceOfTheReportsIsSaidInOneSentence() throws {
    let job = try SmallJob(people: ["ann"])
    try job.write("x", as: "Reports")
    let run = try job.run("apply")
    #expect(run.code == 1)
    #expect(
      run.complaints.contains("Reports cannot be made as a folder: Not a directory."),
      "\(run.complaints)")
    #expect(!run.complaints.contains("Cocoa"))
  }
}
