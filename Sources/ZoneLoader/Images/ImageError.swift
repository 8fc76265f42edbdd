/// Why an image was refused. The description names the file, the segment and the reason.
public struct ImageError: Error, Equatable, Sendable {
  /// Path of the image.
  public var file: String
  /// Program header index, nil when the file as a whole is meant.
  public var segment: Int?
  /// What is wrong.
  public var reason: Reason

  /// `segment`: program header index, if one is to blame.
  public init(file: String, segment: Int? = nil, reason: Reason) {
    self.file = file
    self.segment = segment
    self.reason = reason
  }

  /// One case for each check.
  public enum Reason: Equatable, Sendable {
    /// The file could not be read.
    case unreadable(String)
    case empty
    /// None of the formats, and `format: raw` with `load:` was not given.
    case unknownFormat
    /// The file ends inside the named structure.
    case truncated(String)
    /// The ELF header says something no executable says.
    case badHeader(String)
    case wrongClass(UInt8)
    case bigEndian
    /// e_machine of the file and the one the board runs.
    case wrongMachine(found: UInt16, expected: String)
    /// A relocatable, shared or core file instead of an executable.
    case notExecutable(type: UInt16)
    case tooManySegments(Int)
    case noSegments
    /// File offset and size of a segment leave the file.
    case segmentOutsideFile
    /// Address plus size of a segment leaves the address space.
    case segmentWraps
    /// p_memsz < p_filesz.
    case memorySmallerThanFile
    /// p_align is not a power of two, or address and offset disagree modulo p_align.
    case badAlignment
    case overlap(with: Int)
    case entryNotExecutable(UInt64)
    /// Not a multiple of the shortest instruction; in AArch32, bit 0 selects T32 and is not counted.
    case entryMisaligned(UInt64, unit: UInt64)
    /// A segment is not inside one range of the zone's memory.
    case outsideMemory(base: UInt64, size: UInt64)
    case badLinuxHeader(String)
    case notCompressed(String)
    /// The decompressed image is larger than the limit, in bytes.
    case tooLarge(limit: Int)
    case loadAddressMissing
    case libelf(String)
    /// The image runs in another execution state than the zone is configured for.
    case wrongExecutionState(String)
  }
}

extension ImageError: CustomStringConvertible {
  /// `FILE: segment N: REASON`.
  public var description: String {
    let place = segment.map { "\(file): segment \($0)" } ?? file
    return "\(place): \(reason)"
  }
}

extension ImageError.Reason: CustomStringConvertible {
  /// Continues a sentence that starts with the file or segment.
  public var description: String {
    switch self {
    case .unreadable(let problem): return problem
    case .empty: return "is empty"
    case .unknownFormat:
      return "is no ELF, Linux or gzip file"
    case .truncated(let what): return "ends inside its \(what)"
    case .badHeader(let what): return "bad ELF header: \(what)"
    case .wrongClass(let value): return "ELF class \(value) is neither 1 (32-bit) nor 2 (64-bit)"
    case .bigEndian: return "is big endian"
    case .wrongMachine(let found, let expected):
      return "is for ELF machine \(found); the board runs \(expected)"
    case .notExecutable(let type):
      return "is ELF type \(type), no executable"
    case .tooManySegments(let count): return "has \(count) segments, more than any loader needs"
    case .noSegments: return "has nothing to load"
    case .segmentOutsideFile: return "lies outside the file"
    case .segmentWraps: return "wraps around the end of the address space"
    case .memorySmallerThanFile: return "takes less memory than it has bytes in the file"
    case .badAlignment: return "has a bad alignment"
    case .overlap(let other): return "overlaps segment \(other)"
    case .entryNotExecutable(let entry):
      return "entry point \(Quantity.hex(entry)) is not in an executable segment"
    case .entryMisaligned(let entry, let unit):
      return "entry point \(Quantity.hex(entry)) is not a multiple of \(unit)"
    case .outsideMemory(let base, let size):
      return
        "\(Quantity.hex(base)) + \(Quantity.hex(size)) is not inside one range of the zone's memory"
    case .badLinuxHeader(let what): return "bad Linux header: \(what)"
    case .notCompressed(let what): return "cannot be decompressed: \(what)"
    case .tooLarge(let limit): return "is larger than \(Quantity.format(size: UInt64(limit)))"
    case .loadAddressMissing: return "is a raw image without an address"
    case .libelf(let message): return "libelf: \(message)"
    case .wrongExecutionState(let what): return what
    }
  }
}
