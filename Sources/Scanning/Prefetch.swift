public import CScanning

// Public for the reason given in ScannedBlock.swift: the loops that probe ask for memory with every row.

extension Span {
  /// Asks for an element some steps before it is looked at, so that memory answers meanwhile.
  ///
  /// A loop over a million places of a table larger than the cache waits 80 ns for each, or next to nothing.
  @inlinable @inline(__always)
  public func prefetch(_ index: Int) {
    guard index >= 0, index < count else { return }
    // SAFETY: the element is within the span, and its memory is not read.
    unsafe withUnsafeBufferPointer { buffer in
      if let start = buffer.baseAddress { unsafe rollcall_prefetch(start + index) }
    }
  }
}
