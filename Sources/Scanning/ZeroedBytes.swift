import Glibc

extension [UInt8] {
  /// `count` zeros, with room for `capacity` bytes: what lies between is not touched, so it takes no memory yet.
  package init(zeros count: Int, capacity: Int) {
    precondition(count >= 0 && count <= capacity)
    // SAFETY: there is room for `capacity` bytes, and the first `count` of them are set before they are counted.
    unsafe self.init(unsafeUninitializedCapacity: capacity) { buffer, filled in
      if let start = buffer.baseAddress { unsafe memset(start, 0, count) }
      filled = count
    }
  }
}
