import Foundation
import Testing

@testable import Scanning

struct VectorInstructionsTests {
  @Test func aProcessorKnowsTheLesserOnesToo() {
    #expect(VectorInstructions.baseline.known == [.baseline])
    #expect(VectorInstructions.avx512.known == [.baseline, .avx2, .avx512])
  }

  /// Otherwise a test over all that is known holds the slow way to itself, and nothing says so.
  @Test func thisProcessorHasWhatTheSystemSays() throws {
    let flags = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
    let names = Set(flags.split(whereSeparator: \.isWhitespace).map(String.init))
    let hasBits = names.isSuperset(of: ["bmi1", "bmi2", "popcnt"])
    #expect((VectorInstructions.ofWords >= .avx2) == (hasBits && names.contains("avx2")))
    let wide: Set = ["avx512f", "avx512bw", "avx512_vbmi", "avx512_vbmi2"]
    #expect((VectorInstructions.ofWords == .avx512) == (hasBits && names.isSuperset(of: wide)))
    let columns: Set = ["avx512f", "avx512bw", "avx512vl"]
    #expect((VectorInstructions.ofColumns == .avx512) == (hasBits && names.isSuperset(of: columns)))
  }
}
