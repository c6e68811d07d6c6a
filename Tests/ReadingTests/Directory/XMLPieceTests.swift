import Identity
import Scanning
import TestSupport
import Testing

@testable import Reading

/// Entries whose values go straight to their columns, held to the same entries by way of lists of attributes, which is
/// what happens where the names of all fields are wanted.
struct XMLPieceTests {
  private static let fields = FieldTable([
    ["mail"], ["cn"], ["uid", "x1"], ["dn"], ["x2[1]"], ["member"], ["objectGUID"],
  ])

  @Test(arguments: 0..<8)
  func theyAreTheSameByEitherWay(group: Int) throws {
    for seed in UInt64(group * 25)..<UInt64(group * 25 + 25) {
      var lively = LivelyDSML(seed: seed)
      let text = lively.document(entries: 30)
      for classes in [nil, ["top"], ["inetOrgPerson"]] as [[String]?] {
        let options = DirectoryOptions(classes: classes)
        let quick = try rows(text, options, collectingNames: false)
        let slow = try rows(text, options, collectingNames: true)
        #expect(quick == slow, "seed \(seed): \(String(decoding: text, as: UTF8.self))")
      }
    }
  }

  private func rows(
    _ text: [UInt8], _ options: DirectoryOptions, collectingNames: Bool
  ) throws -> [[String]] {
    var isGiven = false
    let xml = try XMLReader { bytes in
      if !isGiven { bytes = text }
      defer { isGiven = true }
      return bytes.count
    }
    var reader = XMLRecordReader(xml, path: nil, limits: .init())
    var draft = XMLPieceDraft(size: 0)
    do throws(XMLFailure) {
      while try reader.next(into: &draft) == .record {}
    } catch {
      // Seventy elements within one another end the reading, after entries that are whole.
      #expect(error.kind == .tooDeep)
      draft.drop()
    }
    let (values, records) = draft.finished()
    let piece = XMLPiece(
      firstLine: 1, values: values, records: records, isDirectory: true,
      options: options, references: EntryReferences())
    let builder = piece.read(Self.fields, collectingNames: collectingNames)
    let aside = builder.problems.map { "\($0.number) \($0.line) \($0.subject)" }
    let batch = builder.batch()
    return (0..<batch.count).map { LDIFExport.row($0, of: batch) + ["\(batch.lines[$0])"] }
      + [aside]
  }
}
