import Workbench

/// The lines of a captured console, by who printed them.
///
/// A capture may be anything: cut at both ends, megabytes of noise, with the prefixes of the kernel's
/// multiplexer, of a terminal program, with escapes and NULs. What cannot be read is not a line.
package struct ConsoleLog: Sendable {
  /// One line that ended.
  package struct Line: Sendable, Equatable {
    /// nil: the kernel, or nobody the multiplexer names.
    package var zone: String?
    /// Counted from 1 in the file, by line feeds; where the line ended.
    package var number: Int
    package var text: String
  }

  /// Name of the file.
  package let name: String
  package private(set) var lines: [Line] = []
  /// The capture does not end with a line end: its last line is not in `lines`.
  package private(set) var isCut = false

  /// Lines kept of one file; the rest of a longer one is not looked at.
  package static let capacity = 1 << 20
  /// The file has more lines than that.
  package private(set) var isOverfull = false

  /// `zones`: names whose prefixes are known; lines of other zones are not told from the kernel's.
  package init(_ bytes: some Collection<UInt8>, name: String, zones: [String] = []) {
    self.name = name
    var demultiplexer = ConsoleDemultiplexer(zones: zones)
    var assembler = LineAssembler()
    var places: [Place: Int] = [:]
    var number = 1
    var chunk: [UInt8] = []
    // A line feed ends a chunk, so that each event belongs to the line that is counted.
    for byte in bytes {
      guard byte != 0 else { continue }
      chunk.append(byte)
      guard byte == UInt8(ascii: "\n") else { continue }
      for event in demultiplexer.consume(chunk) {
        if let line = assembler.take(event) { add(line, number, zones, &places) }
      }
      chunk.removeAll(keepingCapacity: true)
      number += 1
      if lines.count >= Self.capacity {
        isOverfull = true
        return
      }
    }
    isCut = !chunk.isEmpty
  }

  /// Where the last line of a source is, which its rest may still lengthen.
  private struct Place: Hashable {
    var source: ConsoleSource
    var number: Int
  }

  private mutating func add(
    _ line: ConsoleLine, _ number: Int, _ zones: [String], _ places: inout [Place: Int]
  ) {
    let zone: String? =
      switch line.source {
      case .zone(let index) where zones.indices.contains(index): zones[index]
      case .zone, .kernel, .unattributed: nil
      }
    let place = Place(source: line.source, number: line.number)
    if let index = places[place] {
      lines[index].text = line.text
      return
    }
    places = places.filter { $0.key.source != line.source }
    places[place] = lines.count
    lines.append(Line(zone: zone, number: number, text: line.text))
  }
}
