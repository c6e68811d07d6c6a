import Glibc

/// What libFuzzer calls with every input; `FUZZ_TARGET` says what to throw it at.
///
/// Bad input is told in values and thrown errors, so whatever ends the process is a find.
@_cdecl("LLVMFuzzerTestOneInput")
@safe
func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  // SAFETY: libFuzzer's input holds `count` bytes until this returns; they are copied at once.
  let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  target.run(input)
  return 0
}

/// Read once: the environment does not change.
private let target: FuzzTarget = {
  // SAFETY: the text belongs to the C library and is copied at once.
  let name = unsafe getenv("FUZZ_TARGET").map { unsafe String(cString: $0) } ?? ""
  guard let target = FuzzTarget(rawValue: name) else {
    let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
    preconditionFailure("FUZZ_TARGET is one of: \(names)")
  }
  return target
}()
