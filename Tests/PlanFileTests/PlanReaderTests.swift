import Identity
import PlanFile
import TestSupport
import Testing

struct PlanReaderTests {
  @Test(arguments: UInt64(0)..<60)
  func aPlanReadsBackAsItself(seed: UInt64) throws {
    var random = RandomPlan(seed: seed)
    let plan = random.plan()
    let (bytes, seal) = fileBytes(of: plan)
    let read = try PlanReader.read(bytes, named: "a.plan", key: RandomPlan.key)
    #expect(read.plan == plan, "seed \(seed)")
    #expect(read.seal == seal && read.isSealChecked, "seed \(seed)")
    // Swift's == takes composed and decomposed letters for one another; bytes do not.
    #expect(fileBytes(of: read.plan).bytes == bytes, "seed \(seed)")
  }

}
