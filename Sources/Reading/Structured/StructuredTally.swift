import Identity

/// Counts the records of a structured export, and turns problems into findings.
struct StructuredTally {
  private(set) var summary: ReadSummary
  private(set) var names = FieldNames()
  private var findings = FindingList()
  private let export: String
  private let inputs: [InputPath]
  private var number = 0
  private var recordCounts: [Int: Int] = [:]
  private var presence: [Int]
  private var parts = ListParts()
  private var unfinishedSearch: String?
  /// Records of another kind, which the number that an export states of itself has in it.
  private var otherCount = 0
  private var brokenFiles: Set<Int> = []

  init(header: ExportHeader, export: String, inputs: [InputPath]) {
    summary = ReadSummary(header: header)
    self.export = export
    self.inputs = inputs
    presence = [Int](repeating: 0, count: header.names.count)
  }

  /// Takes note of the next piece.
  ///
  /// - Returns: where its batch stands.
  mutating func place<Scanner, Partial>(
    _ passage: borrowing StructuredPipeline<Scanner, Partial>.Passage
  ) throws(ReadFailure) -> BatchPlace {
    let place = BatchPlace(
      file: passage.file, firstLine: passage.firstLine, firstNumber: number)
    for problem in passage.problems { quarantine(problem, at: place) }
    for remark in passage.remarks {
      let origin = origin(file: place.file, place.firstLine + remark.line)
      findings.add(Finding(remark.subject, at: origin))
    }
    for column in passage.lostLetters { findings.add(Finding(.lostLetters(column: name(column)))) }
    for column in passage.doublyEncoded {
      findings.add(Finding(.doublyEncoded(column: name(column))))
    }
    number += passage.numberCount
    guard number <= Int(UInt32.max) else { throw .tooManyRecords(path: inputs[place.file].path) }
    recordCounts[place.file, default: 0] += passage.recordCount
    summary.recordCount += passage.recordCount
    for column in presence.indices { presence[column] += passage.presence[column] }
    for part in passage.parts { parts.insert(part) }
    otherCount += passage.otherCount
    if unfinishedSearch == nil, let found = passage.unfinishedSearch { unfinishedSearch = found }
    if let names = passage.names { self.names.formUnion(names) }
    return place
  }

  /// The whole export has been read.
  consuming func finished<Scanner>(
    _ files: [StructuredSource<Scanner>.FinishedFile]
  ) -> ReadSummary {
    for (index, finished) in files.enumerated() {
      var file = finished.file
      file.recordCount = recordCounts[index] ?? 0
      file.endedProperly = finished.ending.broken == nil && !brokenFiles.contains(index)
      summary.files.append(file)
      summary.places.note(opened: finished.opened, file: index)
      if let (subject, line) = finished.ending.broken {
        findings.add(Finding(subject, at: origin(file: index, line)))
      } else if file.isEmpty {
        findings.add(Finding(.emptyFile, at: origin(file: index, 1)))
      }
    }
    noteCompleteness(files.map(\.ending))
    summary.isChanges = files.contains { $0.ending.isChanges }
    summary.presence = presence
    summary.findings = findings.findings
    return summary
  }

  /// Pages may come in any order and in any number of files; one of them must be the last.
  private mutating func noteCompleteness(_ endings: [FileEnding]) {
    if let marker = endings.lazy.compactMap(\.morePages.first).first,
      endings.allSatisfy({ $0.lastPages == 0 })
    {
      findings.add(Finding(.morePages(marker: marker)))
      summary.isIncomplete = true
    }
    if let marker = unfinishedSearch ?? parts.firstIncomplete {
      findings.add(Finding(.morePages(marker: marker)))
      summary.isIncomplete = true
    }
    let now = summary.recordCount + summary.quarantinedCount + otherCount
    if let stated = endings.compactMap(\.statedCount).max(), stated > now {
      findings.add(Finding(.fewerThanStated(now: now, stated: stated)))
      summary.isIncomplete = true
    }
  }

  /// What a column is called in findings.
  private func name(_ column: Int) -> String {
    summary.header.fields.map { ExportHeader.name(ofAny: $0.alternatives[column]) }
      ?? summary.header.names[column]
  }

  private func origin(file: Int, _ line: Int) -> RecordOrigin {
    RecordOrigin(export: export, file: inputs[file].path, line: line)
  }

  private mutating func quarantine(_ problem: RecordProblem, at place: BatchPlace) {
    let origin = origin(file: place.file, place.firstLine + problem.line)
    findings.add(Finding(problem.subject, at: origin))
    summary.quarantinedCount += 1
    if problem.breaksFile { brokenFiles.insert(place.file) }
    summary.quarantinedLines += problem.lineCount
    if let cells = problem.cells, summary.quarantined.count < SummaryBuilder.quarantineLimit {
      summary.quarantined.append(
        QuarantinedRecord(
          origin: origin, number: place.firstNumber + problem.number,
          lineCount: problem.lineCount, cells: cells))
    } else {
      summary.anonymousLines += problem.lineCount
    }
  }
}
