public import Boards
public import SepKernel

/// An image as it must stand in guest memory before its first instruction.
public struct ZoneImage: Equatable, Sendable {
  /// What the file was, given or recognised.
  public var format: ImageFormat
  /// Ascending, disjoint.
  public var segments: [ImageSegment]
  /// Guest-physical address of the first instruction.
  public var entry: UInt64
  /// State of the first instruction.
  public var execution: ExecutionState
}

/// A piece of guest memory with its initial content.
public struct ImageSegment: Equatable, Sendable {
  /// Guest-physical.
  public var address: UInt64
  /// Content of its first bytes.
  public var bytes: [UInt8]
  /// Bytes occupied; those after `bytes` are zero. Not below `bytes.count`.
  public var memorySize: UInt64
  /// The file says that code is in it; memory permissions are the zone's affair.
  public var isExecutable: Bool
  /// Index in the file, for messages; nil for what the tools made themselves.
  public var index: Int?

  /// Guest memory it occupies.
  public var range: AddressRange { AddressRange(base: address, size: memorySize) }
}

/// What the loader is told about an image besides the file.
public struct ImageRequest: Sendable {
  /// Path of the file; relative to the working folder.
  public var file: String
  /// nil: recognised by content.
  public var format: ImageFormat?
  /// Where a raw image goes; overrides the place of a Linux image.
  public var load: UInt64?
  /// Overrides the entry point.
  public var entry: UInt64?
  /// Of the board.
  public var architecture: PlanArchitecture
  /// Guest memory: segments must lie inside one of these. The first is where Linux goes.
  public var memory: [AddressRange]
  /// Required execution state; nil: as the image says.
  public var execution: ExecutionState?

  /// What is left out is found in the file.
  public init(
    file: String, format: ImageFormat? = nil, load: UInt64? = nil, entry: UInt64? = nil,
    architecture: PlanArchitecture, memory: [AddressRange], execution: ExecutionState? = nil
  ) {
    self.file = file
    self.format = format
    self.load = load
    self.entry = entry
    self.architecture = architecture
    self.memory = memory
    self.execution = execution
  }
}

extension ZoneImage {
  /// Largest image file, and largest decompressed image, in bytes.
  public static let sizeLimit = 1 << 30

  /// Reads and checks an image file.
  public static func load(_ request: ImageRequest) throws(ImageError) -> ZoneImage {
    do {
      return try read(try HostFile.read(request.file, limit: sizeLimit), request)
    } catch let failure as HostFile.Failure {
      throw ImageError(file: request.file, reason: .unreadable(failure.problem))
    } catch let error as ImageError {
      throw error
    } catch {
      throw ImageError(file: request.file, reason: .unreadable("cannot be read"))
    }
  }

  /// Checks the bytes of an image; `request.file` is only for messages. No input crashes it.
  public static func read(
    _ bytes: [UInt8], _ request: ImageRequest
  ) throws(ImageError) -> ZoneImage {
    guard !bytes.isEmpty else { throw ImageError(file: request.file, reason: .empty) }
    var image: ZoneImage
    switch request.format {
    case .elf: image = try ElfReader(bytes, request).image()
    case .linux: image = try LinuxImage.read(bytes, request)
    case .raw: image = try raw(bytes, request)
    case nil: image = try recognised(bytes, request)
    }
    try image.check(request)
    return image
  }

  private static func recognised(
    _ bytes: [UInt8], _ request: ImageRequest
  ) throws(ImageError) -> ZoneImage {
    if bytes.starts(with: ElfReader.magic) { return try ElfReader(bytes, request).image() }
    if Gunzip.recognises(bytes) || LinuxHeader(of: bytes) != nil {
      return try LinuxImage.read(bytes, request)
    }
    if request.load != nil { return try raw(bytes, request) }
    throw ImageError(file: request.file, reason: .unknownFormat)
  }

  private static func raw(
    _ bytes: [UInt8], _ request: ImageRequest
  ) throws(ImageError) -> ZoneImage {
    guard let load = request.load else {
      throw ImageError(file: request.file, reason: .loadAddressMissing)
    }
    let segment = ImageSegment(
      address: load, bytes: bytes, memorySize: UInt64(bytes.count), isExecutable: true, index: nil)
    return ZoneImage(
      format: .raw, segments: [segment], entry: request.entry ?? load,
      execution: request.execution ?? .native(of: request.architecture))
  }

  /// What every format must satisfy: segments inside the zone's memory, disjoint, the entry point
  /// in an executable one.
  private mutating func check(_ request: ImageRequest) throws(ImageError) {
    guard !segments.isEmpty else { throw ImageError(file: request.file, reason: .noSegments) }
    for segment in segments {
      guard segment.range.end != nil else {
        throw ImageError(file: request.file, segment: segment.index, reason: .segmentWraps)
      }
      guard request.memory.contains(where: { $0.contains(segment.range) }) else {
        throw ImageError(
          file: request.file, segment: segment.index,
          reason: .outsideMemory(base: segment.address, size: segment.memorySize))
      }
    }
    segments.sort { $0.address < $1.address }
    for (lower, upper) in zip(segments, segments.dropFirst())
    where lower.range.overlaps(upper.range) {
      throw ImageError(
        file: request.file, segment: upper.index, reason: .overlap(with: lower.index ?? 0))
    }
    guard segments.contains(where: { $0.isExecutable && $0.range.contains(entry) }) else {
      throw ImageError(file: request.file, reason: .entryNotExecutable(entry))
    }
    let isT32 = execution == .aarch32 && entry & 1 == 1
    let unit = request.architecture.instructionAlignment
    guard isT32 || entry & (unit - 1) == 0 else {
      throw ImageError(file: request.file, reason: .entryMisaligned(entry, unit: unit))
    }
    if let wanted = request.execution, wanted != execution {
      throw ImageError(
        file: request.file,
        reason: .wrongExecutionState(
          "is an \(execution.rawValue) image, but `execution: \(wanted.rawValue)` is given"))
    }
  }
}
