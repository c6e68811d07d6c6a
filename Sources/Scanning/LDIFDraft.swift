/// The record of LDIF that is being read, until its blank line.
///
/// ```
/// dn: cn=Sales,dc=contoso,dc=com      begin, take
/// changetype: modify                  take
/// add: member                         take: opens a change
/// member: cn=Ann,dc=contoso,dc=com    take: a value of it
/// -                                   take: closes it
///                                     finish
/// ```
struct LDIFDraft {
  private enum Stage {
    /// Nothing has been read.
    case none
    /// `dn:` must come.
    case name
    /// `control:`, `changetype:` or the first attribute.
    case head
    case attributes
    /// Between the changes of a modify record.
    case operation
    /// Inside one, with the attribute it is about.
    case values(of: Range<Int>)
    case newName
    case deleteOldName
    case newSuperior
    /// Nothing more may come.
    case done
    /// What ldapsearch prints beside entries: a reference to another server, or its result.
    case aside
    /// `version:`
    case forgotten
  }

  private var stage = Stage.none
  private var line = 0
  private var place = 0
  private var firstLine = 0
  private var name: LDIFLine?
  private var change = LDIFRecord.Change.content
  private var problem: (kind: LDIFProblem.Kind, place: Int)?

  var isEmpty: Bool { if case .none = stage { true } else { false } }

  mutating func begin(at line: Int, place: Int, in block: borrowing LDIFBlock) {
    self = LDIFDraft()
    stage = .name
    self.line = line
    self.place = place
    firstLine = block.lines.count
  }

  /// Only the first reason counts.
  mutating func fail(_ kind: LDIFProblem.Kind, at place: Int) {
    if problem == nil { problem = (kind, place) }
  }

  /// What was begun is the version line, after which a record may begin at once.
  mutating func forget() {
    self = LDIFDraft()
  }

  mutating func take(_ line: LDIFLine, _ text: LDIFText, into block: inout LDIFBlock) {
    if line.form == .separator {
      takeSeparator(line, &block)
      return
    }
    switch stage {
    case .none, .forgotten: break
    case .name: takeName(line, text, &block)
    case .head: takeHead(line, text, &block)
    case .attributes: takeAttribute(line, text, &block)
    case .operation: takeOperation(line, text, &block)
    case .values(let attribute):
      if !text.equals(line.name, attribute) { fail(.badChange, at: line.name.lowerBound) }
      block.lines.append(line)
    case .newName, .deleteOldName, .newSuperior: takeRename(line, text, &block)
    case .done: fail(.badChange, at: line.name.lowerBound)
    case .aside: takeAside(line, text, &block)
    }
  }

  /// The blank line, or the end of the block.
  mutating func finish(at end: Int, into block: inout LDIFBlock) {
    defer { self = LDIFDraft() }
    switch stage {
    case .none, .aside, .forgotten: return
    case .name: fail(.noName, at: place)
    case .newName, .deleteOldName: fail(.badChange, at: place)
    case .head, .attributes, .operation, .values, .newSuperior, .done: break
    }
    let number = block.numberCount
    block.numberCount += 1
    if let problem {
      block.lines.removeSubrange(firstLine...)
      block.problems.append(
        LDIFProblem(
          kind: problem.kind, number: number, line: line, lineCount: end - line,
          place: problem.place, name: name?.value))
    } else if let name {
      block.records.append(
        LDIFRecord(
          name: name, lines: firstLine..<block.lines.count, change: change, line: line,
          number: number, start: place))
    }
  }

  // MARK: - Lines

  private mutating func takeSeparator(_ line: LDIFLine, _ block: inout LDIFBlock) {
    switch stage {
    case .values:
      block.lines.append(line)
      stage = .operation
    case .aside, .forgotten: break
    default: fail(.badChange, at: line.name.lowerBound)
    }
  }

  private mutating func takeName(_ line: LDIFLine, _ text: LDIFText, _ block: inout LDIFBlock) {
    if text.equals(line.name, "dn") {
      name = line
      stage = .head
    } else if text.equals(line.name, "ref") || text.equals(line.name, "search")
      || text.equals(line.name, "result")
    {
      stage = .aside
      takeAside(line, text, &block)
    } else {
      fail(.noName, at: line.name.lowerBound)
      stage = .attributes
    }
  }

  private mutating func takeAside(_ line: LDIFLine, _ text: LDIFText, _ block: inout LDIFBlock) {
    guard text.equals(line.name, "result") else { return }
    // Of the pages of a search, one that failed is enough.
    if block.searchResult ?? 0 == 0 {
      block.searchResult = text.leadingNumber(in: line.value) ?? -1
    }
  }

  /// With a second name, the blank line between two entries is missing, and nobody knows which line is whose.
  private mutating func takeAttribute(
    _ line: LDIFLine, _ text: LDIFText, _ block: inout LDIFBlock
  ) {
    if line.name.count == 2, text.equals(line.name, "dn") {
      fail(.secondName, at: line.name.lowerBound)
    }
    block.lines.append(line)
  }

  private mutating func takeHead(_ line: LDIFLine, _ text: LDIFText, _ block: inout LDIFBlock) {
    if text.equals(line.name, "control") { return }
    guard text.equals(line.name, "changetype") else {
      stage = .attributes
      takeAttribute(line, text, &block)
      return
    }
    if text.equals(line.value, "add") {
      change = .add
      stage = .attributes
    } else if text.equals(line.value, "delete") {
      change = .delete
      stage = .done
    } else if text.equals(line.value, "modify") {
      change = .modify
      stage = .operation
    } else if text.equals(line.value, "modrdn") || text.equals(line.value, "moddn") {
      change = .rename
      stage = .newName
    } else {
      fail(.unknownChange, at: line.name.lowerBound)
      stage = .attributes
    }
  }

  private mutating func takeOperation(
    _ line: LDIFLine, _ text: LDIFText, _ block: inout LDIFBlock
  ) {
    let isKnown =
      text.equals(line.name, "add") || text.equals(line.name, "delete")
      || text.equals(line.name, "replace")
    if !isKnown { fail(.badChange, at: line.name.lowerBound) }
    block.lines.append(line)
    stage = .values(of: line.value)
  }

  private mutating func takeRename(_ line: LDIFLine, _ text: LDIFText, _ block: inout LDIFBlock) {
    let expected: StaticString
    switch stage {
    case .newName:
      expected = "newrdn"
      stage = .deleteOldName
    case .deleteOldName:
      expected = "deleteoldrdn"
      stage = .newSuperior
    default:
      expected = "newsuperior"
      stage = .done
    }
    if !text.equals(line.name, expected) { fail(.badChange, at: line.name.lowerBound) }
    block.lines.append(line)
  }
}
