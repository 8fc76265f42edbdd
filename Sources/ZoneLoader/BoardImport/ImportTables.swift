import SepKernel

/// What compatible words mean here (Linux, Documentation/devicetree/bindings). A controller or a UART
/// that is new to the Plan is one line.
enum ImportTables {
  /// `kind` is nil for what the kernel does not drive: it is recognized, and asked for.
  struct Controller {
    var word: String
    var compatible: [String]
    var kind: PlanInterruptControllerKind?
    /// What each entry of `reg` is.
    var registers: [String]
  }

  static let controllers = [
    Controller(
      word: "GICv3", compatible: ["arm,gic-v3"], kind: .gicV3,
      registers: ["distributor", "redistributors"]),
    Controller(
      word: "GICv2",
      compatible: [
        "arm,gic-400", "arm,cortex-a15-gic", "arm,cortex-a7-gic", "arm,cortex-a9-gic",
        "qcom,msm-qgic2", "arm,gic-v2",
      ],
      kind: .gicV2, registers: ["distributor", "CPU interface", "hypervisor", "virtual CPU"]),
    Controller(
      word: "PLIC",
      compatible: [
        "sifive,plic-1.0.0", "riscv,plic0", "thead,c900-plic", "sifive,fu540-c000-plic",
      ],
      kind: .plic, registers: ["registers"]),
    Controller(
      word: "AIA", compatible: ["riscv,aplic"], kind: .aia, registers: ["aplic"]),
  ]

  struct UART {
    var compatible: [String]
    var kind: PlanUARTKind
    /// `reg-shift` and `reg-io-width` where the tree does not say them.
    var shift: UInt8 = 0
    var width: UInt8 = 0
  }

  /// The first that fits any word of a node; so what is more than a 16550 comes first.
  static let uarts = [
    UART(compatible: ["arm,pl011"], kind: .pl011),
    UART(compatible: ["snps,dw-apb-uart", "starfive,jh7110-uart"], kind: .designWare, width: 1),
    // A 16550 whose registers are words (Linux drivers/tty/serial/8250/8250_omap.c: regshift 2).
    UART(
      compatible: ["ti,am64-uart", "ti,am654-uart", "ti,j721e-uart"], kind: .ns16550, shift: 2,
      width: 1),
    // The same (drivers/tty/serial/8250/8250_bcm2835aux.c: regshift 2, UPIO_MEM32).
    UART(compatible: ["brcm,bcm2835-aux-uart"], kind: .ns16550, shift: 2, width: 4),
    UART(compatible: ["ns16550a", "ns16550", "ns16750"], kind: .ns16550, width: 1),
    UART(compatible: ["cdns,uart-r1p12", "cdns,uart-r1p8", "xlnx,xuartps"], kind: .cadence),
    UART(
      compatible: ["fsl,imx6q-uart", "fsl,imx21-uart", "fsl,imx8mp-uart", "fsl,imx8mm-uart"],
      kind: .imx),
  ]

  /// What firmware or all zones have, whoever else refers to it.
  static let machineLevel = [
    "riscv,clint0", "sifive,clint0", "sifive,clint2", "riscv,aclint-mswi", "riscv,aclint-mtimer",
    "riscv,aclint-sswi", "thead,c900-aclint-mswi", "thead,c900-aclint-mtimer",
    "thead,c900-clint", "riscv,imsics", "riscv,aplic", "cache", "syscon", "sifive,test0",
    "sifive,test1", "arm,armv7-timer-mem",
  ]

  /// Names of nodes that are the same.
  static let machineNames: Set<String> = [
    "memory-controller", "clock-controller", "reset-controller", "power-controller",
    "power-management", "system-controller", "interconnect", "cache-controller", "ddr-pmu", "etm",
    "cpu-debug", "funnel", "replicator", "etf", "etr", "tpiu", "stm", "cti",
  ]

  /// Controllers in front of a GIC whose specifiers are the GIC's, that only wake the machine or turn
  /// a polarity (bindings fsl,imx-gpcv2 and mediatek,sysirq).
  static let transparent = [
    "fsl,imx7d-gpc", "fsl,imx8mq-gpc", "fsl,imx8mm-gpc", "fsl,imx8mn-gpc", "fsl,imx8mp-gpc",
    "mediatek,mt6577-sysirq",
  ]

  /// Buses whose own window is their devices'.
  static let buses = ["simple-bus", "simple-pm-bus"]

  /// Names of nodes (Devicetree Specification 0.4, section 2.2.2) whose devices have no way to memory
  /// of their own. What is not here counts as one that has.
  static let withoutDMA: Set<String> = [
    "serial", "uart", "i2c", "gpio", "pinctrl", "pwm", "timer", "watchdog", "wdt", "rtc", "adc",
    "tsadc", "thermal", "thermal-sensor", "temperature-sensor", "efuse", "eeprom", "nvmem", "phy",
    "usb-phy", "usb2-phy", "flash", "sram", "keypad", "mailbox", "pl011", "pl031", "pl061", "sp804",
    "can",
  ]
}
