package import PlanFile

extension StateStore {
  /// The same runs with what the record of each says was held; a refresh has none.
  package func withHeldCounts(_ runs: [RunRecord]) throws(StoreFailure) -> [RunRecord] {
    try query { queries throws(StoreFailure) in
      let beginning = try queries.statements(
        "SELECT substr(evidence, 1, \(PlanGlance.length)) FROM run_evidence WHERE run = ?")
      var counted = runs
      for (place, run) in runs.enumerated() {
        let bytes = try beginning.bind(run.number, at: 1).first { $0.bytes(0) }
        counted[place].held = bytes.flatMap { PlanGlance($0) }?.heldCount
      }
      return counted
    }
  }

  /// What a run has kept beside its operations, byte for byte; nil where it was erased, or there is no such run.
  package func evidence(ofRun number: Int) throws(StoreFailure) -> [UInt8]? {
    try query { queries throws(StoreFailure) in
      try queries.statements("SELECT evidence FROM run_evidence WHERE run = ?")
        .bind(number, at: 1).first { $0.bytes(0) }
    }
  }
}
