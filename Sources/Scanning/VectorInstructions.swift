import CScanning

/// Instructions on many bytes at once, of which a processor has some; the choice is made while the program runs.
///
/// ```
/// VectorInstructions.ofWords          .avx2 on an AMD Milan of 2021, .avx512 on a Genoa of 2022
/// VectorInstructions.ofWords.known    [.baseline, .avx2] and [.baseline, .avx2, .avx512]
/// ```
///
/// What comes of a loop is the same with all of them.
package enum VectorInstructions: UInt32, CaseIterable, Comparable, Sendable {
  /// What every processor has: the loops in Swift, and masks of 64 bytes.
  case baseline
  /// 32 bytes at once.
  case avx2
  /// 64 bytes at once, and loads and stores of some of them.
  case avx512

  /// The most that this processor has for words of 64 bytes (`CSVWords.h`).
  package static let ofWords = VectorInstructions(rollcall_word_vectors())
  /// The most that it has for columns of short values (`KeyedColumns.h`).
  package static let ofColumns = VectorInstructions(rollcall_column_vectors())

  /// These, and all that a processor with these has, too.
  package var known: [VectorInstructions] { Self.allCases.filter { $0 <= self } }

  /// As C knows them.
  var inC: rollcall_vectors_t { rollcall_vectors_t(rawValue) }

  private init(_ inC: rollcall_vectors_t) {
    self = VectorInstructions(rawValue: inC.rawValue) ?? .baseline
  }

  package static func < (left: VectorInstructions, right: VectorInstructions) -> Bool {
    left.rawValue < right.rawValue
  }
}
