import Glibc

extension Array where Element: BitwiseCopyable {
  /// An empty array with room for `count` elements, in pages of 2 MiB where the system has them.
  ///
  /// For arrays of some megabytes that are looked at in no order: of 4 KiB pages a processor knows the places of some
  /// thousand, and each other one costs a walk through the page tables, in a virtual machine through two of them.
  package init(largeCapacity count: Int) {
    self.init()
    reserveCapacity(count)
    // SAFETY: the advice is about pages that lie wholly within the storage, and changes nothing in them.
    unsafe withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      let pageSize = 4096
      let first = (Int(bitPattern: start) + pageSize - 1) & ~(pageSize - 1)
      let end = unsafe Int(bitPattern: start + count) & ~(pageSize - 1)
      guard end - first >= 1 << 21 else { return }
      unsafe madvise(UnsafeMutableRawPointer(bitPattern: first), end - first, MADV_HUGEPAGE)
    }
  }
}
