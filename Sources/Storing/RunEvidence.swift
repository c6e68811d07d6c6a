extension StateStore {
  /// What a run has kept beside its operations, byte for byte; nil where it was erased, or there is no such run.
  package func evidence(ofRun number: Int) throws(StoreFailure) -> [UInt8]? {
    try query { queries throws(StoreFailure) in
      try queries.statements("SELECT evidence FROM run_evidence WHERE run = ?")
        .bind(number, at: 1).first { $0.bytes(0) }
    }
  }
}
