import Foundation
import LatencyProbe
import LatencyReport
import Workbench

/// Where `hvlat record` finds the bytes of a record.
enum RecordSource {
  /// Why there are none.
  struct Problem: Error, CustomStringConvertible {
    let description: String
  }

  /// Records begin on a page.
  private static let page: UInt64 = 4096
  /// Longer ones are no records.
  private static let limit: UInt64 = 1 << 30

  /// The record in a file of physical memory: at an offset, or the only one there is.
  static func dump(_ path: String, at start: UInt64?) throws(Problem) -> [UInt8] {
    let memory: Data
    do {
      memory = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
    } catch {
      throw Problem(description: "\(path): cannot be read; check the name and the permissions")
    }
    let end = UInt64(memory.count)
    func length(at offset: UInt64) -> UInt64? {
      guard end >= page, offset <= end - page else { return nil }
      let length = byteCount(ofHeader: Array(memory[Int(offset)..<Int(offset) + 24]))
      return length.flatMap { $0 <= end - offset ? $0 : nil }
    }
    var found: [UInt64] = []
    if let start {
      found = length(at: start) == nil ? [] : [start]
    } else {
      for offset in stride(from: 0, to: end, by: Int(page)) where length(at: offset) != nil {
        found.append(offset)
      }
    }
    guard let offset = found.first, let length = length(at: offset) else {
      throw Problem(
        description: "\(path): no whole record \(start == nil ? "on any page" : "at that offset");"
          + " check that the dump is raw and holds the region of board.records")
    }
    guard found.count == 1 else {
      let places = found.map { "0x" + String($0, radix: 16) }.joined(separator: ", ")
      throw Problem(description: "\(path): records at \(places): choose one with --at")
    }
    return Array(memory[Int(offset)..<Int(offset + length)])
  }

  /// The record at an address of a machine that QEMU runs; it is stopped meanwhile, and runs on.
  static func machine(_ socket: String, at address: UInt64) throws(Problem) -> [UInt8] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "hvlat-\(UUID().uuidString)")
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw Problem(description: "\(folder.path): cannot be made; check the permissions")
    }
    defer { try? FileManager.default.removeItem(at: folder) }
    do throws(QMPError) {
      let client = try QMPClient(path: socket)
      try client.stop()
      let result = Result { () throws(QMPError) in
        try read(client, address, folder.appendingPathComponent("record").path)
      }
      try client.resume()
      if let record = try result.get() { return record }
    } catch {
      throw Problem(description: "\(socket): \(error)")
    }
    throw Problem(
      description: "\(socket): no record at 0x\(String(address, radix: 16)); `hv plan` prints where"
        + " the region of board.records is")
  }

  /// Nil: no record there.
  private static func read(
    _ client: QMPClient, _ address: UInt64, _ path: String
  ) throws(QMPError) -> [UInt8]? {
    func memory(_ size: UInt64) throws(QMPError) -> [UInt8] {
      try client.savePhysicalMemory(base: address, size: size, path: path)
      return Array(FileManager.default.contents(atPath: path) ?? Data())
    }
    guard let length = byteCount(ofHeader: try memory(page)) else { return nil }
    let bytes = try memory(length)
    return UInt64(bytes.count) == length ? bytes : nil
  }

  /// Bytes a record says it has, from the start of its header; nil: this is none.
  private static func byteCount(ofHeader bytes: [UInt8]) -> UInt64? {
    guard bytes.count >= 24, RecordReader.recognises(bytes) else { return nil }
    let length = bytes[16..<24].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return (page...limit).contains(length) ? length : nil
  }
}
