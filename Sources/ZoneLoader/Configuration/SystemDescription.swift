public import Boards
public import SepKernel

/// A `system.yaml`, read and checked field by field. What fields mean together (overlaps, owners,
/// images) is the `Planner`'s business.
public struct SystemDescription: Equatable, Sendable {
  /// The file, as given; relative paths in it start from its folder.
  public var path: String
  /// The board with the choices of the file applied (RAM size, number of CPUs).
  public var board: Board
  /// The board file, absolute or relative to the working folder; nil: the board is one of `Board.all`.
  public var boardPath: String?
  /// Device tree blob of the board, absolute or relative to the working folder; nil: the emulator
  /// is asked for it.
  public var deviceTreePath: String?
  /// Timer interrupts each CPU takes before any zone starts, to measure the board; 0: none.
  public var baselineSamples: UInt32
  /// In the order of the file, which is the order of zone indices.
  public var zones: [ZoneDescription]
  /// Line of the file for `board`, `board.dtb` and `zones`, for errors found later.
  public var sourceLines: [String: Int]

  /// Every file it is made of, itself included, and what each is: as the planner reads them.
  public var files: [(what: String, path: String)] {
    var files = [("system", path)]
    if let boardPath { files.append(("board file", boardPath)) }
    if let deviceTreePath { files.append(("device tree", deviceTreePath)) }
    for zone in zones {
      files.append(("image of \(zone.name)", zone.image))
      if let initrd = zone.initrd { files.append(("initrd of \(zone.name)", initrd)) }
    }
    return files
  }
}

/// One entry of `zones`.
public struct ZoneDescription: Equatable, Sendable {
  /// 1 to 15 of `a-z`, `0-9`, `-`.
  public var name: String
  /// What the kernel lets it do, and what it asks of it.
  public var kind: PlanZoneKind
  /// CPU numbers of the board, ascending.
  public var cpus: [Int]
  /// At least one range, in the order of the file.
  public var memory: [MemoryDescription]
  /// Path of the image.
  public var image: String
  /// nil: by the content of the image.
  public var format: ImageFormat?
  /// Where a raw image is loaded, or where a Linux image is put instead of the default.
  public var load: UInt64?
  /// Overrides the entry point of the image.
  public var entry: UInt64?
  /// For `/chosen/bootargs`; nil: none.
  public var cmdline: String?
  /// Path of the initial RAM disk; nil: none.
  public var initrd: String?
  /// The first arguments; nil: by image format.
  public var arguments: [ArgumentDescription]?
  /// Whether the zone gets a tree, and where.
  public var deviceTree: DeviceTreePlacement
  /// In the order of the file.
  public var devices: [DeviceDescription]
  /// Interrupt lines beyond those of the devices.
  public var lines: [Int]
  /// Its emulated UART.
  public var console: ConsoleDescription
  /// Where it sees its interrupt controller.
  public var interrupts: InterruptsDescription
  /// Devices of the board that it was not given read as zero instead of stopping it.
  public var absentReadsZero: Bool
  /// Pages for latency stamps.
  public var stamps: StampsDescription
  /// The line of the cross-CPU measurement.
  public var stimulusLine: LineChoice
  /// zone0 starts it, not the kernel.
  public var manualStart: Bool
  /// nil: as the image says.
  public var execution: ExecutionState?
  /// Line of the file each field stands on, for errors found later; the zone itself is "".
  public var sourceLines: [String: Int]
}

/// One range of a zone's memory.
public struct MemoryDescription: Equatable, Sendable {
  /// Guest-physical base; nil: base of the board's RAM.
  public var guest: UInt64?
  /// Bytes.
  public var size: UInt64
  /// Host-physical base; nil: laid out by the planner.
  public var host: UInt64?
  /// What stage 2 allows.
  public var permissions: PlanPermissions
}

/// Value of one register at a zone's first instruction.
public enum ArgumentDescription: Equatable, Sendable {
  case value(UInt64)
  /// The address of the zone's device tree.
  case deviceTree
}

/// Where a zone's device tree goes.
public enum DeviceTreePlacement: Equatable, Sendable {
  /// Linux images get one, others do not.
  case automatic
  case none
  /// Made, and put where there is room.
  case generate
  case address(UInt64)
}

/// Something a zone owns besides memory.
public enum DeviceDescription: Equatable, Sendable {
  /// A device of the board.
  case named(String)
  /// A window of the board's devices, by address.
  case window(guest: UInt64, host: UInt64, size: UInt64)
}

/// The emulated UART of a zone.
public enum ConsoleDescription: Equatable, Sendable {
  case none
  /// Both nil: where the board has its UART, line chosen by the planner.
  case uart(base: UInt64?, line: Int?)
}

/// The zone's view of its interrupt controller.
public struct InterruptsDescription: Equatable, Sendable {
  /// Guest-physical bases by index of `PlanZone.interruptControllerGuest`; those left out are as on
  /// the board.
  public var bases: [Int: UInt64]
  /// Whether it owns the ITS of the board.
  public var hasTranslation = false
}

/// Pages the zone shares with the latency records.
public enum StampsDescription: Equatable, Sendable {
  /// zoneR gets them, others do not.
  case automatic
  case none
  case pages(guest: UInt64?, size: UInt64?)
}

/// An interrupt line the planner may choose.
public enum LineChoice: Equatable, Sendable {
  /// zoneR gets one, others do not.
  case automatic
  case none
  case line(Int)
}

/// Instruction set state a zone starts in.
public enum ExecutionState: String, Equatable, Sendable, CaseIterable {
  case aarch64
  case aarch32
  case riscv64
  // swift-format-ignore: AlwaysUseLowerCamelCase
  case x86_64
  case loongarch64

  /// Whose state it is.
  public var architecture: PlanArchitecture {
    switch self {
    case .aarch64, .aarch32: .aarch64
    case .riscv64: .riscv64
    case .x86_64: .x86_64
    case .loongarch64: .loongarch64
    }
  }

  /// What an architecture's CPUs are in unless asked for something else.
  public static func native(of architecture: PlanArchitecture) -> ExecutionState {
    switch architecture {
    case .aarch64: .aarch64
    case .riscv64: .riscv64
    case .x86_64: .x86_64
    case .loongarch64: .loongarch64
    }
  }
}

/// Kinds of image files.
public enum ImageFormat: String, Equatable, Sendable, CaseIterable {
  case elf
  case linux
  case raw
}

extension PlanZoneKind {
  /// The word for it in `system.yaml` and in tables.
  public var label: String {
    switch self {
    case .zone0: return "zone0"
    case .zoneU: return "zoneU"
    case .zoneR: return "zoneR"
    }
  }
}
