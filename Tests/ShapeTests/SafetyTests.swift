import Testing

/// Where code may be unsafe, and what no code may do.
struct SafetyTests {
  private let checkout = Checkout.this

  /// Files outside Scanning that talk to C.
  ///
  /// Before adding one, look for a way without.
  static let filesThatTalkToC: Set = [
    // rename, fsync and modes at creation, which Foundation does not give.
    "Sources/PlanFile/OutputFailure.swift",
    "Sources/PlanFile/OutputFile+Calls.swift",
    // glob, access and getpwuid.
    "Sources/Reconciling/ExportPaths.swift",
    "Sources/Reconciling/SystemFacts.swift",
    "Sources/Storing/SystemCalls.swift",
    // The bulk scan of SQLite rows, and the bulk writes of a first load.
    "Sources/Storing/MemberIndexPage.swift",
    "Sources/Storing/MemberSeats.swift",
    "Sources/Storing/ResourceReader.swift",
    "Sources/Storing/ResourceWalk.swift",
    "Sources/Storing/SQLBlob.swift",
    "Sources/Storing/SQLConnection.swift",
    "Sources/Storing/SQLStatement.swift",
    // libFuzzer's entry, which C calls.
    "Sources/rollcall-fuzz/FuzzEntry.swift",
    // A file for every input, without Foundation.
    "Sources/rollcall-fuzz/ExportProbe.swift",
    // posix_spawn and wait4: Foundation's Process does not tell a child's peak memory.
    "Sources/rollcall-bench/Timing/ChildProcess.swift",
  ]

  private static let unsafeModules: Set = ["Scanning", "CScanning"]

  @Test func unsafeStandsOnlyInScanningAndWhereCIsCalled() {
    for file in checkout.sources
    where !Self.unsafeModules.contains(file.module) && !Self.filesThatTalkToC.contains(file.path) {
      guard let place = file.places(ofWord: "unsafe").first else { continue }
      Issue.record("\(place) is unsafe and not in the list of files that may be")
    }
  }

  @Test func everyUnsafeFileSaysWhyItIsSafe() {
    for file in checkout.sources where !file.places(ofWord: "unsafe").isEmpty {
      #expect(
        file.lines.contains { $0.contains("// SAFETY:") }, "\(file.path) has no // SAFETY: comment")
    }
  }

  @Test(arguments: filesThatTalkToC)
  func everyFileThatMayBeUnsafeIs(path: String) {
    #expect(
      checkout.sources.contains { $0.path == path && !$0.places(ofWord: "unsafe").isEmpty },
      "\(path) need not be listed any more")
  }

  /// The names are spelt in two parts so that this file does not hold them.
  @Test(arguments: ["try" + "!", "as" + "!", "fatal" + "Error"])
  func nothingCrashesOnPurpose(word: String) {
    for file in checkout.all {
      let places = file.places(ofWord: word)
      #expect(places.isEmpty, "\(places)")
    }
  }

  /// What the loop over cells uses of another module: the optimiser inlines public code only.
  static let inlinedElsewhere: Set = [
    "Sources/Identity/LostValue.swift",
    "Sources/Identity/RecordBatch.swift",
    "Sources/Scanning/CSVCell.swift",
    "Sources/Scanning/KeyedHash.swift",
    "Sources/Scanning/KeyedHash+Folding.swift",
    "Sources/Scanning/KeyedHash+InPlace.swift",
    "Sources/Scanning/Prefetch.swift",
    "Sources/Scanning/ScannedBlock.swift",
  ]

  @Test func nothingIsPublicButWhatTheLoopOverCellsInlines() {
    for file in checkout.sources where !Self.inlinedElsewhere.contains(file.path) {
      let places =
        file.places(ofWord: "public")
        + file.places(ofWord: "open")
        .filter { _ in file.code.contains { $0.contains("open class") } }
      #expect(places.isEmpty, "\(places): between targets, `package` is our public")
    }
  }

  @Test func nothingIsLeftToDo() {
    for file in checkout.sources {
      let places = file.lines.enumerated()
        .filter { String($1).containsWord("TO" + "DO") || String($1).containsWord("FIX" + "ME") }
        .map { "\(file.path):\($0.offset + 1)" }
      #expect(places.isEmpty, "\(places): file an issue instead")
    }
  }
}
