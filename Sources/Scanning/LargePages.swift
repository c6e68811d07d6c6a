import Glibc

/// Memory of some megabytes that is looked at in no order, in pages of 2 MiB where the system has them.
///
/// Of 4 KiB pages a processor knows the places of some thousand; each other one costs a walk through the page tables, in
/// a virtual machine through two of them.
package enum LargePages {
  /// Asks for large pages, before the memory is written to for the first time; what is in it does not change.
  package static func ask(for memory: UnsafeMutableRawBufferPointer) {
    guard let start = memory.baseAddress else { return }
    let pageSize = 4096
    let first = (Int(bitPattern: start) + pageSize - 1) & ~(pageSize - 1)
    let end = unsafe Int(bitPattern: start + memory.count) & ~(pageSize - 1)
    guard end - first >= 1 << 21 else { return }
    // SAFETY: the advice is about pages that lie wholly within the memory, and changes nothing in them.
    unsafe madvise(UnsafeMutableRawPointer(bitPattern: first), end - first, MADV_HUGEPAGE)
  }
}

extension Array {
  /// An empty array with room for `count` elements in large pages.
  package init(largeCapacity count: Int) {
    self.init()
    reserveCapacity(count)
    // SAFETY: the storage has room for `count` elements, whether or not there are any.
    unsafe withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      unsafe LargePages.ask(
        for: UnsafeMutableRawBufferPointer(
          start: start, count: count * MemoryLayout<Element>.stride))
    }
  }
}
