import CScanning
import Dispatch

/// Memory that nobody uses but the C library holds on to.
package enum FreedMemory {
  /// Keeps it for the next batch; to be called before other threads start.
  ///
  /// Left to itself the C library returns memory with each batch and takes it again for the next one, page by page and
  /// each filled with zeros.
  package static func keep() {
    rollcall_keep_freed_memory()
  }

  /// Gives it back to the system.
  ///
  /// A plan of a million creates leaves 50 MiB of it behind, between pieces that live on; what comes next needs other
  /// sizes, so the process would grow by as much. It takes some milliseconds.
  package static func giveBack() {
    rollcall_return_freed_memory()
  }

  /// Lets go of a value that takes long to be freed, on another thread.
  ///
  /// Ten thousand arrays of memberships and as many teams keep a plan waiting for some milliseconds.
  package static func release<Value: Sendable>(_ value: consuming Value) {
    DispatchQueue.global(qos: .utility).async { [value] in _ = value }
  }
}
