import CZlib

/// Text packed with gzip, as one member of a gzip file.
///
/// ```
/// let file = PackedText.gzip(first) + PackedText.gzip(second)
/// ```
package enum PackedText {
  package static func gzip(_ text: [UInt8]) -> [UInt8] {
    var stream = unsafe z_stream()
    var packed = [UInt8](repeating: 0, count: text.count + text.count / 100 + 1000)
    // SAFETY: the stream stays where it is from creation to end; zlib reads and writes only inside
    // the two arrays, whose sizes it is told.
    let count = unsafe withUnsafeMutablePointer(to: &stream) { stream in
      unsafe text.withUnsafeBufferPointer { text in
        unsafe packed.withUnsafeMutableBufferPointer { packed -> Int in
          guard unsafe rollcall_gzip_create(stream) == Z_OK else { return 0 }
          unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: text.baseAddress)
          unsafe stream.pointee.avail_in = UInt32(text.count)
          unsafe stream.pointee.next_out = packed.baseAddress
          unsafe stream.pointee.avail_out = UInt32(packed.count)
          _ = unsafe deflate(stream, Z_FINISH)
          let left = unsafe Int(stream.pointee.avail_out)
          unsafe deflateEnd(stream)
          return packed.count - left
        }
      }
    }
    return Array(packed[..<count])
  }
}
