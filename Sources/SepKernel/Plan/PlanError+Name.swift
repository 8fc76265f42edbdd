extension PlanError.Reason {
  /// Code and name of each reason, in one literal: as a `switch` of literals the names would take a
  /// fortieth of the kernel image. Each entry is three digits, a space, the name, a space.
  private static var table: StaticString {
    """
    101 truncated 102 misaligned 103 magic 104 version 105 architecture 106 zone-count \
    107 byte-count 108 checksum 109 cpu-count 110 line-count 111 ram-count 112 device-count \
    113 header-reserved 201 board-name 202 board-reserved 203 ram-alignment 204 ram-empty \
    205 ram-address 206 ram-order 207 ram-unused 208 window-alignment 209 window-empty \
    210 window-address 211 window-over-ram 212 window-unused 213 controller-kind \
    214 controller-unused 215 kernel-device-alignment 216 kernel-device-size \
    217 kernel-device-address 218 kernel-device-over-ram 219 kernel-device-overlap \
    220 uart-kind 221 uart-unused 222 uart-line 223 kernel-alignment 224 kernel-base \
    225 kernel-outside-ram 226 kernel-image 227 kernel-plan 228 tables-alignment \
    229 tables-size 230 tables-outside-kernel 231 tables-over-image 232 tables-over-plan \
    233 records-unused 234 records-alignment 235 records-outside-ram 236 records-over-kernel \
    237 records-size 238 baseline-samples 239 controller-parameter 240 counter-frequency \
    241 uart-registers 301 cpu-hardware-id 302 cpu-duplicate 303 cpu-owner 304 cpu-reserved \
    305 cpu-unused 306 boot-cpu-missing 307 cpu-controller 308 cpu-controller-duplicate \
    309 cpu-release 401 line-owner 402 line-kind 403 line-private 404 line-special 405 line-beyond-count \
    406 uart-line-wired 407 line-source 501 zone-name 502 zone-name-reserved \
    503 zone-name-duplicate 504 zone-kind 505 zone-duplicate-zone0 506 zone-reserved \
    507 zone-flags 508 zone-manual-start 509 zone-cpu-count 510 zone-without-cpu \
    511 range-count 512 payload-count 513 guest-window-alignment 514 guest-window-address \
    515 guest-window-overlap 516 console-unused 517 console-line 518 stimulus-line \
    519 stimulus-shared 520 entry-alignment 521 entry-address 522 entry-beyond-32bit \
    523 guest-window-unused 524 zone-execution 601 range-kind 602 range-permissions \
    603 range-unreadable 604 range-executable 605 range-reserved 606 range-alignment \
    607 range-empty 608 range-guest-address 609 range-outside-ram 610 range-outside-window \
    611 range-outside-stamps 612 range-over-kernel 613 range-over-records \
    614 range-over-kernel-device 615 range-host-overlap 616 range-guest-overlap \
    617 range-over-guest-window 618 range-unused 701 payload-alignment 702 payload-empty \
    703 payload-sizes 704 payload-destination 705 payload-source 706 payload-over-image \
    707 payload-over-plan 708 payload-over-tables 709 payload-overlap 710 payload-unused \
    801 realtime-without-cpu 802 realtime-without-memory 803 realtime-entry-not-loaded \

    """
  }

  /// Calls `body` with each byte of the stable short name for the console and for logs, such as
  /// `range-outside-ram`.
  @_optimize(size)
  public func forEachNameByte(_ body: (UInt8) -> Void) {
    Self.table.withUTF8Buffer { bytes in
      var position = 0
      while position + 4 < bytes.count {
        var code: UInt16 = 0
        for digit in position..<position + 3 {
          // SAFETY: the buffer of a literal, read inside its scope and its bounds.
          code = code &* 10 &+ UInt16(unsafe bytes[digit] &- 0x30)
        }
        position += 4
        while position < bytes.count, unsafe bytes[position] != 0x20 {
          if code == rawValue { unsafe body(bytes[position]) }
          position += 1
        }
        position += 1
      }
    }
  }

  /// What `PlanError.item` counts.
  public var itemKind: PlanError.ItemKind {
    switch self {
    case .truncated, .misaligned, .magic, .version, .architecture, .zoneCount, .byteCount,
      .checksum, .cpuCount, .lineCount, .ramCount, .deviceCount, .headerReserved, .boardName,
      .boardReserved, .ramUnused, .windowUnused, .controllerKind, .controllerUnused, .uartKind,
      .uartUnused, .kernelAlignment, .kernelBase, .kernelOutsideRAM, .kernelImage, .kernelPlan,
      .tablesAlignment, .tablesSize, .tablesOutsideKernel, .tablesOverImage, .tablesOverPlan,
      .recordsUnused, .recordsAlignment, .recordsOutsideRAM, .recordsOverKernel, .recordsSize,
      .baselineSamples, .controllerParameter, .counterFrequency, .uartRegisters, .zoneExecution,
      .bootCPUMissing, .zoneName, .zoneNameReserved, .zoneNameDuplicate,
      .zoneKind, .zoneDuplicateZone0, .zoneReserved, .zoneFlags, .zoneManualStart, .zoneCPUCount,
      .zoneWithoutCPU, .rangeCount, .payloadCount, .consoleUnused, .entryAlignment, .entryAddress,
      .entryBeyond32Bit, .rangeUnused, .payloadUnused, .realtimeWithoutCPU, .realtimeWithoutMemory,
      .realtimeEntryNotLoaded:
      .none
    case .ramAlignment, .ramEmpty, .ramAddress, .ramOrder:
      .ram
    case .windowAlignment, .windowEmpty, .windowAddress, .windowOverRAM:
      .window
    case .kernelDeviceAlignment, .kernelDeviceSize, .kernelDeviceAddress, .kernelDeviceOverRAM,
      .kernelDeviceOverlap:
      .kernelDevice
    case .uartLine, .lineOwner, .lineKind, .linePrivate, .lineSpecial, .lineBeyondCount,
      .uartLineWired, .lineSource, .consoleLine, .stimulusLine, .stimulusShared:
      .line
    case .cpuHardwareID, .cpuDuplicate, .cpuOwner, .cpuReserved, .cpuUnused, .cpuController,
      .cpuControllerDuplicate, .cpuRelease:
      .cpu
    case .guestWindowAlignment, .guestWindowAddress, .guestWindowOverlap, .guestWindowUnused:
      .guestWindow
    case .rangeKind, .rangePermissions, .rangeUnreadable, .rangeExecutable, .rangeReserved,
      .rangeAlignment, .rangeEmpty, .rangeGuestAddress, .rangeOutsideRAM, .rangeOutsideWindow,
      .rangeOutsideStamps, .rangeOverKernel, .rangeOverRecords, .rangeOverKernelDevice,
      .rangeHostOverlap, .rangeGuestOverlap, .rangeOverGuestWindow:
      .range
    case .payloadAlignment, .payloadEmpty, .payloadSizes, .payloadDestination, .payloadSource,
      .payloadOverImage, .payloadOverPlan, .payloadOverTables, .payloadOverlap:
      .payload
    }
  }
}

#if !hasFeature(Embedded)
extension PlanError.Reason {
  /// The name, where there are strings.
  public var name: String {
    var bytes: [UInt8] = []
    forEachNameByte { bytes.append($0) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
#endif
