import CScanning

/// Memory that nobody uses but the C library holds on to.
package enum FreedMemory {
  /// Gives it back to the system.
  ///
  /// A plan of a million creates leaves 50 MiB of it behind, between pieces that live on; what comes next needs other
  /// sizes, so the process would grow by as much. It takes some milliseconds.
  package static func giveBack() {
    rollcall_return_freed_memory()
  }
}
