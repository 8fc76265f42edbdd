extension PlanError.Reason {
  /// Names of the reasons by code, in one literal: as a `switch` of literals they would take a fortieth of the kernel image.
  /// What ends in a colon begins the next hundred of codes, and is what the names in it begin with.
  private static var table: StaticString {
    """
    : truncated misaligned magic version architecture zone-count byte-count checksum cpu-count line-count ram-count \
    device-count header-reserved \
    : board-name board-reserved ram-alignment ram-empty ram-address ram-order ram-unused window-alignment \
    window-empty window-address window-over-ram window-unused controller-kind controller-unused \
    kernel-device-alignment kernel-device-size kernel-device-address kernel-device-over-ram kernel-device-overlap \
    uart-kind uart-unused uart-line kernel-alignment kernel-base kernel-outside-ram kernel-image kernel-plan \
    tables-alignment tables-size tables-outside-kernel tables-over-image tables-over-plan records-unused \
    records-alignment records-outside-ram records-over-kernel records-size baseline-samples controller-parameter \
    counter-frequency uart-registers \
    : cpu-hardware-id cpu-duplicate cpu-owner cpu-reserved cpu-unused boot-cpu-missing cpu-controller \
    cpu-controller-duplicate cpu-release \
    : line-owner line-kind line-private line-special line-beyond-count uart-line-wired line-source \
    : zone-name zone-name-reserved zone-name-duplicate zone-kind zone-duplicate-zone0 zone-reserved zone-flags \
    zone-manual-start zone-cpu-count zone-without-cpu range-count payload-count guest-window-alignment \
    guest-window-address guest-window-overlap console-unused console-line stimulus-line stimulus-shared \
    entry-alignment entry-address entry-beyond-32bit guest-window-unused zone-execution \
    range-: kind permissions unreadable executable reserved alignment empty guest-address outside-ram outside-window \
    outside-stamps over-kernel over-records over-kernel-device host-overlap guest-overlap over-guest-window unused \
    payload-: alignment empty sizes destination source over-image over-plan over-tables overlap unused \
    realtime-: without-cpu without-memory entry-not-loaded \

    """
  }

  /// Calls `body` with each byte of the stable short name for the console and for logs, such as
  /// `range-outside-ram`.
  @inline(__always)
  public func forEachNameByte(_ body: (UInt8) -> Void) {
    Self.table.withUTF8Buffer { bytes in
      // SAFETY, below: the buffer of a literal, read inside its scope and its bounds.
      var code: UInt16 = 0
      var prefix = 0
      var start = 0
      for end in 0..<bytes.count where unsafe bytes[end] == 0x20 {
        if unsafe bytes[end &- 1] == 0x3a {
          code = (code / 100 &+ 1) &* 100
          prefix = start
        } else {
          code &+= 1
          if code == rawValue {
            var position = prefix
            while unsafe bytes[position] != 0x3a {
              unsafe body(bytes[position])
              position &+= 1
            }
            for position in start..<end { unsafe body(bytes[position]) }
          }
        }
        start = end &+ 1
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
