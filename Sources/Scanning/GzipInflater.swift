import CZlib

/// How far a gzip file may grow when it is unpacked.
///
/// Deflate can make a thousand bytes of one; what directories write grows five- to thirtyfold.
package struct GzipLimits: Sendable, Hashable {
  /// Text bytes per packed byte, once there is more text than `allowance`.
  package var ratio: Int
  /// Text bytes that are fine whatever the ratio.
  package var allowance: Int
  /// Text bytes of one file.
  package var size: Int

  package init(ratio: Int = 200, allowance: Int = 64 << 20, size: Int = 256 << 30) {
    self.ratio = ratio
    self.allowance = allowance
    self.size = size
  }
}

/// Why a gzip file cannot be unpacked; `byte` counts from the start of the packed file.
package struct GzipFailure: Error, Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    /// The file ends inside a member.
    case cut
    /// Not gzip any more, or its own checksum says that the text is not what was packed.
    case damaged
    /// Something that is neither a member nor zeros stands after the last member.
    case trailingBytes
    /// More text than the limits allow.
    case growsTooLarge(limit: Int)
    case outOfMemory
  }

  package let kind: Kind
  package let byte: Int

  package init(kind: Kind, byte: Int) {
    self.kind = kind
    self.byte = byte
  }
}

/// Unpacks gzip (RFC 1952) piece by piece; several members in a row are one text.
///
/// ```
/// let gzip = try GzipInflater()
/// let step = try gzip.step(
///   packed, from: 0, to: packed.count, isFinal: true, into: &text, at: 0, upTo: text.count)
/// step.taken                              // bytes of `packed` that are done with
/// step.given                              // bytes written to `text`
/// ```
///
/// zlib checks every member's checksum and length at its end. Zeros after the last member are the
/// padding of tapes and block devices; anything else there is refused.
///
/// Sendable, for the sources that hand out blocks keep it in a `Mutex` and use it only there.
@safe
package final class GzipInflater: @unchecked Sendable {
  private enum Phase {
    case member
    case between
    case padding
  }

  private let limits: GzipLimits
  private let stream: UnsafeMutablePointer<z_stream>
  private var phase = Phase.member
  /// Bytes of the file taken so far, and bytes of text made of them.
  private var packedCount = 0
  private var textCount = 0

  package init(limits: GzipLimits = GzipLimits()) throws(GzipFailure) {
    self.limits = limits
    // SAFETY: zlib keeps the address, so the stream has memory of its own until deinit.
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    guard unsafe rollcall_gzip_open(stream) == Z_OK else {
      throw GzipFailure(kind: .outOfMemory, byte: 0)
    }
  }

  deinit {
    // SAFETY: the stream was opened, or zlib left it without memory of its own; nobody else has it.
    unsafe inflateEnd(stream)
    unsafe stream.deinitialize(count: 1)
    unsafe stream.deallocate()
  }

  /// Unpacks `packed[start..<end]` until it is used up or `count` bytes of text are made.
  ///
  /// If `isFinal`, the file ends at `end`.
  package func step(
    _ packed: [UInt8], from start: Int, to end: Int, isFinal: Bool, into text: inout [UInt8],
    at place: Int, upTo count: Int
  ) throws(GzipFailure) -> (taken: Int, given: Int) {
    precondition(start >= 0 && start <= end && end <= packed.count)
    precondition(place >= 0 && count >= 0 && place + count <= text.count)
    var taken = 0
    var given = 0
    while given < count {
      switch phase {
      case .member:
        // Also without input: zlib may still hold text that did not fit the last time.
        let (read, written) = try inflateOn(
          packed, start + taken..<end, into: &text, place + given..<place + count)
        taken += read
        given += written
        guard read + written == 0 else { continue }
        if isFinal { throw failure(.cut) }
        return (taken, given)
      case .between:
        guard start + taken < end else { return (taken, given) }
        phase = try phase(after: packed[start + taken])
      case .padding:
        guard start + taken < end else { return (taken, given) }
        guard packed[start + taken] == 0 else { throw failure(.trailingBytes) }
        taken += 1
        packedCount += 1
      }
    }
    return (taken, given)
  }

  private func phase(after byte: UInt8) throws(GzipFailure) -> Phase {
    if byte == 0 { return .padding }
    guard byte == 0x1F else { throw failure(.trailingBytes) }
    // SAFETY: the stream is open.
    unsafe inflateReset(stream)
    return .member
  }

  private func inflateOn(
    _ packed: [UInt8], _ input: Range<Int>, into text: inout [UInt8], _ output: Range<Int>
  ) throws(GzipFailure) -> (read: Int, written: Int) {
    // Its counters have 32 bits.
    let input = input.prefix(1 << 30)
    let output = output.prefix(1 << 30)
    // SAFETY: zlib reads and writes inside the two ranges, which the precondition of `step` keeps
    // inside the arrays, and both pointers are forgotten before the arrays can move.
    let code = unsafe packed.withUnsafeBufferPointer { packed in
      unsafe text.withUnsafeMutableBufferPointer { text -> Int32 in
        unsafe stream.pointee.avail_in = UInt32(input.count)
        unsafe stream.pointee.avail_out = UInt32(output.count)
        guard let from = packed.baseAddress, let to = text.baseAddress else { return Z_BUF_ERROR }
        unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: from + input.lowerBound)
        unsafe stream.pointee.next_out = to + output.lowerBound
        let code = unsafe inflate(stream, Z_NO_FLUSH)
        unsafe stream.pointee.next_in = nil
        unsafe stream.pointee.next_out = nil
        return code
      }
    }
    let read = unsafe input.count - Int(stream.pointee.avail_in)
    let written = unsafe output.count - Int(stream.pointee.avail_out)
    packedCount += read
    textCount += written
    try check(code)
    return (read, written)
  }

  private func check(_ code: Int32) throws(GzipFailure) {
    let allowed = min(
      limits.size, limits.allowance + packedCount.multipliedReportingOverflow(by: limits.ratio).0)
    if textCount > allowed { throw failure(.growsTooLarge(limit: allowed)) }
    switch code {
    case Z_STREAM_END: phase = .between
    case Z_OK, Z_BUF_ERROR: break
    case Z_MEM_ERROR: throw failure(.outOfMemory)
    default: throw failure(.damaged)
    }
  }

  private func failure(_ kind: GzipFailure.Kind) -> GzipFailure {
    GzipFailure(kind: kind, byte: packedCount)
  }
}
