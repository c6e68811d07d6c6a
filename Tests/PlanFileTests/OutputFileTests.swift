import Foundation
import Synchronization
import Testing

@testable import PlanFile

struct OutputFileTests {
  private let folder = FileManager.default.temporaryDirectory.appending(
    path: "rollcall-output-\(UUID().uuidString)")

  private init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func path(_ name: String) -> String { folder.appending(path: name).path }
  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }
  private func content(_ name: String) -> [UInt8]? {
    FileManager.default.contents(atPath: path(name)).map { [UInt8]($0) }
  }
  private func removeFolder() { try? FileManager.default.removeItem(at: folder) }

  @Test func contentIsWrittenWithTheModeAsked() throws {
    defer { removeFolder() }
    try OutputFile.write(to: path("plan"), mode: 0o640) { sink in
      try sink.append("first, ")
      try sink.append([UInt8](repeating: 0x78, count: 200_000))
    }
    #expect(content("plan") == Array("first, ".utf8) + [UInt8](repeating: 0x78, count: 200_000))
    let mode = try FileManager.default.attributesOfItem(atPath: path("plan"))[.posixPermissions]
    #expect(mode as? Int == 0o640)
    #expect(try names() == ["plan"])
  }

  @Test func anOldFileIsReplacedWholly() throws {
    defer { removeFolder() }
    try OutputFile.write(to: path("plan")) { try $0.append("a long old content") }
    try OutputFile.write(to: path("plan")) { try $0.append("new") }
    #expect(content("plan") == Array("new".utf8))
    let mode = try FileManager.default.attributesOfItem(atPath: path("plan"))[.posixPermissions]
    #expect(mode as? Int == 0o600)
  }

  @Test func theLongestNameTheSystemAllowsIsFine() throws {
    defer { removeFolder() }
    let name = String(repeating: "n", count: 255)
    try OutputFile.write(to: path(name)) { try $0.append("x") }
    #expect(try names() == [name])
  }

  @Test func aSlashIsFoundEvenBeforeACombiningMark() throws {
    defer { removeFolder() }
    try OutputFile.write(to: folder.path + "/\u{301}x") { try $0.append("x") }
    #expect(try names().map { Array($0.utf8) } == [Array("\u{301}x".utf8)])
  }

  @Test func symbolicLinksAreNotFollowed() throws {
    defer { removeFolder() }
    try OutputFile.write(to: path("precious")) { try $0.append("precious") }
    try FileManager.default.createSymbolicLink(
      atPath: path("link"), withDestinationPath: path("precious"))
    let failure = #expect(throws: OutputFailure.self) {
      try OutputFile.write(to: path("link")) { try $0.append("gone") }
    }
    #expect(failure?.description.contains("symbolic link") == true)
    #expect(content("precious") == Array("precious".utf8))
    #expect(try names() == ["link", "precious"])
  }

  @Test(arguments: ["", "/", ".", "..", "a\0b", "folder/", "folder", "missing/file", "fifo"])
  func whatIsNoFileIsRefused(name: String) throws {
    defer { removeFolder() }
    try FileManager.default.createDirectory(
      atPath: path("folder"), withIntermediateDirectories: false)
    #expect(unsafe mkfifo(path("fifo"), 0o600) == 0)
    let target = name.isEmpty ? "" : folder.path + "/" + name
    let failure = #expect(throws: OutputFailure.self) {
      try OutputFile.write(to: target) { try $0.append("x") }
    }
    #expect(failure?.description.isEmpty == false)
    #expect(try names() == ["fifo", "folder"])
  }

  @Test func anErrorOfTheContentLeavesTheOldFile() throws {
    struct Trouble: Error, CustomStringConvertible { let description = "the ink is out" }
    defer { removeFolder() }
    try OutputFile.write(to: path("plan")) { try $0.append("old") }
    let failure = #expect(throws: OutputFailure.self) {
      try OutputFile.write(to: path("plan")) { sink in
        try sink.append("half of the n")
        throw Trouble()
      }
    }
    #expect(failure?.description == "\(path("plan")) was not written: the ink is out")
    #expect(content("plan") == Array("old".utf8))
    #expect(try names() == ["plan"])
  }

  /// The n-th system call fails, for n = 1, 2, 3 … until none does.
  @Test(arguments: [ENOSPC, EIO, EROFS])
  func anyFailingCallLeavesOneWholeFile(code: Int32) throws {
    defer { removeFolder() }
    for failing in 1...50 {
      try OutputFile.write(to: path("plan")) { try $0.append("old") }
      let fault = CountedFault(failing: failing, code: code)
      let failure = Result {
        try OutputFile.write(to: path("plan"), calls: fault.calls) { try $0.append("new") }
      }
      #expect(try names() == ["plan"], "call \(failing)")
      switch failure {
      case .success:
        #expect(content("plan") == Array("new".utf8))
        #expect(failing == 9, "each of the eight calls was made to fail once")
        return
      case .failure(let error):
        let text = String(describing: error)
        #expect(text.contains(unsafe String(cString: strerror(code))), "call \(failing)")
        #expect(text.contains(folder.path), "call \(failing)")
        // Only the sync of the folder comes after the rename.
        #expect(
          content("plan") == Array((fault.lastCall == "sync folder" ? "new" : "old").utf8),
          "call \(failing)")
      }
    }
    Issue.record("a write never succeeded")
  }

  @Test func shortAndInterruptedWritesAreContinued() throws {
    defer { removeFolder() }
    var calls = OutputFile.Calls.posix
    let turn = Mutex(0)
    calls.write = { file, bytes in
      let isInterrupted = turn.withLock { count in
        count += 1
        return count % 2 == 0
      }
      guard !isInterrupted else {
        errno = EINTR
        return -1
      }
      return OutputFile.Calls.posix.write(file, bytes.prefix(7))
    }
    let expected = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
    try OutputFile.write(to: path("plan"), calls: calls) { try $0.append(expected) }
    #expect(content("plan") == expected)
  }

  /// What has been written long before the end is on its way to the disk by then.
  @Test func theDiskBeginsEarlyWithLongFiles() throws {
    defer { removeFolder() }
    let asked = Mutex(0)
    var calls = OutputFile.Calls.posix
    calls.beginWriting = { file in
      asked.withLock { $0 += 1 }
      OutputFile.Calls.posix.beginWriting(file)
    }
    let piece = [UInt8](repeating: 7, count: OutputFile.Sink.earlySize / 2)
    for (count, expected) in [(1, 0), (2, 1), (5, 2)] {
      asked.withLock { $0 = 0 }
      try OutputFile.write(to: path("plan"), calls: calls) { (sink) throws(OutputFailure) in
        for _ in 0..<count { try sink.append(piece) }
      }
      #expect(asked.withLock { $0 } == expected)
      #expect(content("plan")?.count == count * piece.count)
    }
  }
}

/// Counts system calls and lets one of them fail.
private final class CountedFault: Sendable {
  private let failing: Int
  private let code: Int32
  private let state = Mutex((count: 0, last: "", syncs: 0))

  init(failing: Int, code: Int32) {
    self.failing = failing
    self.code = code
  }

  var lastCall: String { state.withLock { $0.last } }

  private func fails(_ name: String) -> Bool {
    state.withLock { state in
      state.count += 1
      guard state.count <= failing else { return false }
      if name == "sync" { state.syncs += 1 }
      state.last = name == "sync" && state.syncs == 2 ? "sync folder" : name
      guard state.count == failing else { return false }
      errno = code
      return true
    }
  }

  var calls: OutputFile.Calls {
    let real = OutputFile.Calls.posix
    return OutputFile.Calls(
      openFolder: { self.fails("openFolder") ? -1 : real.openFolder($0) },
      fileType: { self.fails("fileType") ? nil : real.fileType($0, $1) },
      create: { self.fails("create") ? -1 : real.create($0, $1, $2) },
      write: { self.fails("write") ? -1 : real.write($0, $1) },
      beginWriting: real.beginWriting,
      sync: { self.fails("sync") ? -1 : real.sync($0) },
      close: { file in
        let answer = real.close(file)
        return self.fails("close") ? -1 : answer
      },
      rename: { self.fails("rename") ? -1 : real.rename($0, $1, $2) },
      remove: real.remove)
  }
}
