extension ImageError.Reason {
  /// Which field of a zone to look at, and what to do.
  func remedy(for zone: ZoneDescription) -> (key: String, advice: String) {
    switch self {
    case .unreadable:
      ("image", "correct the path, or make the file (`make build` makes this project's)")
    case .empty, .truncated, .segmentOutsideFile, .notCompressed:
      ("image", "the file is damaged or incomplete: make or copy it again")
    case .unknownFormat:
      (zone.format == nil ? "image" : "format", "say `format: raw` and `load: ADDRESS`")
    case .badHeader, .libelf:
      (
        zone.format == nil ? "image" : "format",
        "name the file the linker made; if it is no ELF, say what it is with `format`"
      )
    case .wrongClass, .bigEndian, .wrongMachine:
      ("image", "build it for the board: `hv boards` says its instruction set, little endian")
    case .notExecutable:
      ("image", "link it as an executable (type 2, or 3 at a fixed address)")
    case .tooManySegments, .noSegments, .memorySmallerThanFile, .badAlignment, .overlap:
      ("image", "correct its linker script")
    case .segmentWraps, .outsideMemory:
      (
        zone.load == nil ? "image" : "load",
        "give `memory` a range that holds it, or link or load it elsewhere"
      )
    case .entryNotExecutable, .entryMisaligned:
      (zone.entry == nil ? "image" : "entry", "correct `entry` or the image's own entry point")
    case .badLinuxHeader:
      (
        zone.load != nil ? "load" : zone.format != nil ? "format" : "image",
        "use an `Image` of Linux for the board, loaded at its text offset from a 2 MiB boundary"
      )
    case .tooLarge:
      ("image", "use a smaller image")
    case .loadAddressMissing:
      ("load", "add `load: ADDRESS`")
    case .wrongExecutionState:
      ("execution", "remove `execution`, or build the image for that state")
    }
  }
}
