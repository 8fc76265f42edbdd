extension PlanError.Reason {
  /// Stable short name for the console and for logs, such as `range-outside-ram`.
  public var name: StaticString {
    switch self {
    case .truncated: "truncated"
    case .misaligned: "misaligned"
    case .magic: "magic"
    case .version: "version"
    case .architecture: "architecture"
    case .zoneCount: "zone-count"
    case .byteCount: "byte-count"
    case .checksum: "checksum"
    case .cpuCount: "cpu-count"
    case .lineCount: "line-count"
    case .ramCount: "ram-count"
    case .deviceCount: "device-count"
    case .headerReserved: "header-reserved"
    case .boardName: "board-name"
    case .boardReserved: "board-reserved"
    case .ramAlignment: "ram-alignment"
    case .ramEmpty: "ram-empty"
    case .ramAddress: "ram-address"
    case .ramOrder: "ram-order"
    case .ramUnused: "ram-unused"
    case .windowAlignment: "window-alignment"
    case .windowEmpty: "window-empty"
    case .windowAddress: "window-address"
    case .windowOverRAM: "window-over-ram"
    case .windowUnused: "window-unused"
    case .controllerKind: "controller-kind"
    case .controllerUnused: "controller-unused"
    case .kernelDeviceAlignment: "kernel-device-alignment"
    case .kernelDeviceSize: "kernel-device-size"
    case .kernelDeviceAddress: "kernel-device-address"
    case .kernelDeviceOverRAM: "kernel-device-over-ram"
    case .kernelDeviceOverlap: "kernel-device-overlap"
    case .uartKind: "uart-kind"
    case .uartUnused: "uart-unused"
    case .uartLine: "uart-line"
    case .kernelAlignment: "kernel-alignment"
    case .kernelBase: "kernel-base"
    case .kernelOutsideRAM: "kernel-outside-ram"
    case .kernelImage: "kernel-image"
    case .kernelPlan: "kernel-plan"
    case .tablesAlignment: "tables-alignment"
    case .tablesSize: "tables-size"
    case .tablesOutsideKernel: "tables-outside-kernel"
    case .tablesOverImage: "tables-over-image"
    case .tablesOverPlan: "tables-over-plan"
    case .recordsUnused: "records-unused"
    case .recordsAlignment: "records-alignment"
    case .recordsOutsideRAM: "records-outside-ram"
    case .recordsOverKernel: "records-over-kernel"
    case .recordsSize: "records-size"
    case .baselineSamples: "baseline-samples"
    case .controllerParameter: "controller-parameter"
    case .counterFrequency: "counter-frequency"
    case .uartRegisters: "uart-registers"
    case .cpuHardwareID: "cpu-hardware-id"
    case .cpuDuplicate: "cpu-duplicate"
    case .cpuOwner: "cpu-owner"
    case .cpuReserved: "cpu-reserved"
    case .cpuUnused: "cpu-unused"
    case .bootCPUMissing: "boot-cpu-missing"
    case .cpuController: "cpu-controller"
    case .cpuControllerDuplicate: "cpu-controller-duplicate"
    case .lineOwner: "line-owner"
    case .lineKind: "line-kind"
    case .linePrivate: "line-private"
    case .lineSpecial: "line-special"
    case .lineBeyondCount: "line-beyond-count"
    case .uartLineWired: "uart-line-wired"
    case .lineSource: "line-source"
    case .zoneName: "zone-name"
    case .zoneNameReserved: "zone-name-reserved"
    case .zoneNameDuplicate: "zone-name-duplicate"
    case .zoneKind: "zone-kind"
    case .zoneDuplicateZone0: "zone-duplicate-zone0"
    case .zoneReserved: "zone-reserved"
    case .zoneFlags: "zone-flags"
    case .zoneManualStart: "zone-manual-start"
    case .zoneCPUCount: "zone-cpu-count"
    case .zoneWithoutCPU: "zone-without-cpu"
    case .rangeCount: "range-count"
    case .payloadCount: "payload-count"
    case .guestWindowAlignment: "guest-window-alignment"
    case .guestWindowAddress: "guest-window-address"
    case .guestWindowOverlap: "guest-window-overlap"
    case .consoleUnused: "console-unused"
    case .consoleLine: "console-line"
    case .stimulusLine: "stimulus-line"
    case .stimulusShared: "stimulus-shared"
    case .entryAlignment: "entry-alignment"
    case .entryAddress: "entry-address"
    case .entryBeyond32Bit: "entry-beyond-32bit"
    case .guestWindowUnused: "guest-window-unused"
    case .zoneExecution: "zone-execution"
    case .rangeKind: "range-kind"
    case .rangePermissions: "range-permissions"
    case .rangeUnreadable: "range-unreadable"
    case .rangeExecutable: "range-executable"
    case .rangeReserved: "range-reserved"
    case .rangeAlignment: "range-alignment"
    case .rangeEmpty: "range-empty"
    case .rangeGuestAddress: "range-guest-address"
    case .rangeOutsideRAM: "range-outside-ram"
    case .rangeOutsideWindow: "range-outside-window"
    case .rangeOutsideStamps: "range-outside-stamps"
    case .rangeOverKernel: "range-over-kernel"
    case .rangeOverRecords: "range-over-records"
    case .rangeOverKernelDevice: "range-over-kernel-device"
    case .rangeHostOverlap: "range-host-overlap"
    case .rangeGuestOverlap: "range-guest-overlap"
    case .rangeOverGuestWindow: "range-over-guest-window"
    case .rangeUnused: "range-unused"
    case .payloadAlignment: "payload-alignment"
    case .payloadEmpty: "payload-empty"
    case .payloadSizes: "payload-sizes"
    case .payloadDestination: "payload-destination"
    case .payloadSource: "payload-source"
    case .payloadOverImage: "payload-over-image"
    case .payloadOverPlan: "payload-over-plan"
    case .payloadOverTables: "payload-over-tables"
    case .payloadOverlap: "payload-overlap"
    case .payloadUnused: "payload-unused"
    case .realtimeWithoutCPU: "realtime-without-cpu"
    case .realtimeWithoutMemory: "realtime-without-memory"
    case .realtimeEntryNotLoaded: "realtime-entry-not-loaded"
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
      .cpuControllerDuplicate:
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
