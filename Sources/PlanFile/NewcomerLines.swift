import Identity
import Scanning

/// The lines of a plan that come by the million: creates of newcomers, what they rest on, and who comes to own them.
///
/// They are what `OperationLines` and the lines of evidence would say, byte for byte. Each call takes lines that follow
/// each other and asks once for whatever they are written from.
enum NewcomerLines {
  /// How many newcomers ahead their values are asked for.
  private static let ahead = 6
  /// More than what stands between the values of any of these lines.
  private static let constantRoom = 256

  /// Writes the operations of `range`, which must be within the run.
  static func write(
    _ range: Range<Int>, of run: SharedRun<Newcomers>, _ text: ImageText, to lines: inout LineWriter
  ) {
    let newcomers = run.owner
    let (images, ids) = (newcomers.images, newcomers.ids)
    for place in range {
      if place + 2 * ahead < range.upperBound {
        images.span.prefetch(run.column(of: place + 2 * ahead))
        ids.prefetch(run.column(of: place + 2 * ahead))
      }
      if place + ahead < range.upperBound { newcomers.prefetch(run.column(of: place + ahead)) }
      let number = run.column(of: place)
      write(images[number], ids[number], newcomers.nameRange(number), text, to: &lines)
    }
  }

  private static func write(
    _ values: AttributeImage, _ id: ResourceID, _ name: Range<Int>, _ text: ImageText,
    to lines: inout LineWriter
  ) {
    // Ids of newcomers are ours, and only a test has others.
    let ownID = id.isUUID ? [] : Array(id.description.utf8)
    let room =
      constantRoom + OutputText.escapeFactor * (ownID.count + name.count) + text.room(for: values)
    lines.append(room: room) { out in
      out.append(copying: #"{"operation":{"kind":"create-member","id":""#)
      if !id.appendUUID(to: &out) { out.append(escaping: ownID.span) }
      out.append(copying: #"","name":"#)
      out.append(quoting: values.bytes.span.extracting(name))
      out.append(
        copying: #","situation":"joiner","classes":[],"rule":"lifecycle.create","after":"#)
      text.write(values, to: &out)
      out.append(copying: "}}\n")
    }
  }

  /// Writes the grounds of `range`, which must be within the run and belong to operations that follow each other.
  static func write(
    _ range: Range<Int>, of run: SharedRun<SharedOrigins>, firstOperation: Int,
    to lines: inout LineWriter
  ) {
    let origins = run.owner
    var (number, file) = (-1, [UInt8]())
    for place in range {
      let column = run.column(of: place)
      // Records of one file follow each other, or are of few files.
      if origins.fileNumber(column) != number {
        number = origins.fileNumber(column)
        file = start(of: origins.file(number))
      }
      lines.append(room: constantRoom + file.count) { out in
        out.append(copying: #"{"grounds":{"operation":"#)
        out.append(decimal: firstOperation + place - range.lowerBound)
        out.append(copying: #","origins":["#)
        out.append(copying: file.span)
        out.append(decimal: origins.line(column))
        out.append(copying: "}],\"stateBefore\":null}}\n")
      }
    }
  }

  /// An origin up to its line.
  private static func start(of file: RecordOrigin) -> [UInt8] {
    var line = LineWriter()
    line.raw(#"{"export":"#.utf8)
    line.text(file.export.utf8)
    line.raw(#","file":"#.utf8)
    line.text(file.file.utf8)
    line.raw(#","line":"#.utf8)
    return line.bytes
  }

  /// Writes the ownerships of `range`, which must be within the run.
  static func writeOwners(
    _ range: Range<Int>, of run: SharedRun<Newcomers>, to lines: inout LineWriter
  ) {
    let newcomers = run.owner
    let (records, ids) = (newcomers.records, newcomers.ids)
    var (number, export) = (UInt8?.none, [UInt8]())
    for place in range {
      let column = run.column(of: place)
      if records[column].export != number {
        number = records[column].export
        var line = LineWriter()
        line.text(newcomers.export(column).utf8)
        export = line.bytes
      }
      let ownID = ids[column].isUUID ? [] : Array(ids[column].description.utf8)
      let room = constantRoom + export.count + OutputText.escapeFactor * ownID.count
      lines.append(room: room) { out in
        out.append(copying: #"{"ownership":{"kind":"member","subject":""#)
        if !ids[column].appendUUID(to: &out) { out.append(escaping: ownID.span) }
        out.append(copying: #"","export":"#)
        out.append(copying: export.span)
        out.append(copying: "}}\n")
      }
    }
  }
}
