import SepKernel
import Testing

/// The structures are the binary format: every offset and size is part of it.
@Suite struct PlanLayoutTests {
  @Test func sizes() {
    #expect(MemoryLayout<PlanRegion>.stride == 16)
    #expect(MemoryLayout<PlanHeader>.stride == 64)
    #expect(MemoryLayout<PlanInterruptController>.stride == 72)
    #expect(MemoryLayout<PlanUART>.stride == 32)
    #expect(MemoryLayout<PlanBoard>.stride == 1496)
    #expect(MemoryLayout<PlanCPU>.stride == 16)
    #expect(MemoryLayout<PlanLine>.stride == 2)
    #expect(MemoryLayout<PlanRange>.stride == 32)
    #expect(MemoryLayout<PlanPayload>.stride == 32)
    #expect(MemoryLayout<PlanZone>.stride == 2664)
    #expect(MemoryLayout<Plan>.stride == 47256)
    #expect(MemoryLayout<Plan>.alignment == 8)
    #expect(Plan.prefixByteCount == 4632)
    #expect(Plan.byteCount(zones: 2) == 9960)
    #expect(Plan.byteCount(zones: 16) == MemoryLayout<Plan>.size)
  }

  @Test func noPadding() {
    #expect(MemoryLayout<PlanHeader>.size == MemoryLayout<PlanHeader>.stride)
    #expect(MemoryLayout<PlanUART>.size == MemoryLayout<PlanUART>.stride)
    #expect(MemoryLayout<PlanBoard>.size == MemoryLayout<PlanBoard>.stride)
    #expect(MemoryLayout<PlanCPU>.size == MemoryLayout<PlanCPU>.stride)
    #expect(MemoryLayout<PlanZone>.size == MemoryLayout<PlanZone>.stride)
    #expect(MemoryLayout<PlanRange>.size == MemoryLayout<PlanRange>.stride)
  }

  @Test func plan() {
    #expect(MemoryLayout<Plan>.offset(of: \.header) == 0)
    #expect(MemoryLayout<Plan>.offset(of: \.board) == 64)
    #expect(MemoryLayout<Plan>.offset(of: \.cpus) == 1560)
    #expect(MemoryLayout<Plan>.offset(of: \.lines) == 2584)
    #expect(MemoryLayout<Plan>.offset(of: \.zones) == 4632)
  }

  @Test func header() {
    #expect(MemoryLayout<PlanHeader>.offset(of: \.magic) == 0)
    #expect(MemoryLayout<PlanHeader>.offset(of: \.version) == 8)
    #expect(MemoryLayout<PlanHeader>.offset(of: \.architecture) == 12)
    #expect(MemoryLayout<PlanHeader>.offset(of: \.byteCount) == 16)
    #expect(MemoryLayout<PlanHeader>.offset(of: \.zoneCount) == 20)
    #expect(MemoryLayout<PlanHeader>.offset(of: \.cpuCount) == 24)
    #expect(MemoryLayout<PlanHeader>.offset(of: \.lineCount) == 28)
    #expect(MemoryLayout<PlanHeader>.offset(of: \.checksum) == 32)
    #expect(PlanChecksum.checksumOffset == 32)
    #expect(MemoryLayout<PlanHeader>.offset(of: \.imageHash) == 40)
    #expect(MemoryLayout<PlanHeader>.offset(of: \.reserved) == 56)
  }

  @Test func board() {
    #expect(MemoryLayout<PlanBoard>.offset(of: \.name) == 0)
    #expect(MemoryLayout<PlanBoard>.offset(of: \.ramCount) == 32)
    #expect(MemoryLayout<PlanBoard>.offset(of: \.deviceCount) == 36)
    #expect(MemoryLayout<PlanBoard>.offset(of: \.ram) == 40)
    #expect(MemoryLayout<PlanBoard>.offset(of: \.devices) == 296)
    #expect(MemoryLayout<PlanBoard>.offset(of: \.interruptController) == 1320)
    #expect(MemoryLayout<PlanBoard>.offset(of: \.uart) == 1392)
    #expect(MemoryLayout<PlanBoard>.offset(of: \.kernel) == 1424)
    #expect(MemoryLayout<PlanBoard>.offset(of: \.tables) == 1440)
    #expect(MemoryLayout<PlanBoard>.offset(of: \.records) == 1456)
    #expect(MemoryLayout<PlanBoard>.offset(of: \.counterFrequency) == 1472)
    #expect(MemoryLayout<PlanBoard>.offset(of: \.cycleFrequency) == 1480)
    #expect(MemoryLayout<PlanBoard>.offset(of: \.baselineSamples) == 1488)
    #expect(MemoryLayout<PlanBoard>.offset(of: \.reserved) == 1492)
  }

  @Test func boardParts() {
    #expect(MemoryLayout<PlanRegion>.offset(of: \.base) == 0)
    #expect(MemoryLayout<PlanRegion>.offset(of: \.size) == 8)
    #expect(MemoryLayout<PlanInterruptController>.offset(of: \.kind) == 0)
    #expect(MemoryLayout<PlanInterruptController>.offset(of: \.parameter) == 4)
    #expect(MemoryLayout<PlanInterruptController>.offset(of: \.regions) == 8)
    #expect(MemoryLayout<PlanUART>.offset(of: \.kind) == 0)
    #expect(MemoryLayout<PlanUART>.offset(of: \.line) == 4)
    #expect(MemoryLayout<PlanUART>.offset(of: \.region) == 8)
    #expect(MemoryLayout<PlanUART>.offset(of: \.registerShift) == 24)
    #expect(MemoryLayout<PlanUART>.offset(of: \.registerWidth) == 25)
    #expect(MemoryLayout<PlanUART>.offset(of: \.reserved) == 26)
    #expect(MemoryLayout<PlanCPU>.offset(of: \.hardwareID) == 0)
    #expect(MemoryLayout<PlanCPU>.offset(of: \.owner) == 8)
    #expect(MemoryLayout<PlanCPU>.offset(of: \.reserved0) == 9)
    #expect(MemoryLayout<PlanCPU>.offset(of: \.controllerIndex) == 10)
    #expect(MemoryLayout<PlanCPU>.offset(of: \.releaseAddress) == 12)
    #expect(MemoryLayout<PlanLine>.offset(of: \.owner) == 0)
    #expect(MemoryLayout<PlanLine>.offset(of: \.kind) == 1)
  }

  @Test func zone() {
    #expect(MemoryLayout<PlanZone>.offset(of: \.name) == 0)
    #expect(MemoryLayout<PlanZone>.offset(of: \.kind) == 16)
    #expect(MemoryLayout<PlanZone>.offset(of: \.reserved0) == 17)
    #expect(MemoryLayout<PlanZone>.offset(of: \.flags) == 18)
    #expect(MemoryLayout<PlanZone>.offset(of: \.cpuCount) == 20)
    #expect(MemoryLayout<PlanZone>.offset(of: \.entry) == 24)
    #expect(MemoryLayout<PlanZone>.offset(of: \.arguments) == 32)
    #expect(MemoryLayout<PlanZone>.offset(of: \.consoleGuest) == 64)
    #expect(MemoryLayout<PlanZone>.offset(of: \.consoleLine) == 72)
    #expect(MemoryLayout<PlanZone>.offset(of: \.stimulusLine) == 76)
    #expect(MemoryLayout<PlanZone>.offset(of: \.interruptControllerGuest) == 80)
    #expect(MemoryLayout<PlanZone>.offset(of: \.rangeCount) == 96)
    #expect(MemoryLayout<PlanZone>.offset(of: \.payloadCount) == 100)
    #expect(MemoryLayout<PlanZone>.offset(of: \.ranges) == 104)
    #expect(MemoryLayout<PlanZone>.offset(of: \.payloads) == 2152)
  }

  @Test func zoneParts() {
    #expect(MemoryLayout<PlanRange>.offset(of: \.guest) == 0)
    #expect(MemoryLayout<PlanRange>.offset(of: \.host) == 8)
    #expect(MemoryLayout<PlanRange>.offset(of: \.size) == 16)
    #expect(MemoryLayout<PlanRange>.offset(of: \.kind) == 24)
    #expect(MemoryLayout<PlanRange>.offset(of: \.permissions) == 25)
    #expect(MemoryLayout<PlanRange>.offset(of: \.reserved) == 26)
    #expect(MemoryLayout<PlanPayload>.offset(of: \.source) == 0)
    #expect(MemoryLayout<PlanPayload>.offset(of: \.guest) == 8)
    #expect(MemoryLayout<PlanPayload>.offset(of: \.fileSize) == 16)
    #expect(MemoryLayout<PlanPayload>.offset(of: \.memorySize) == 24)
  }

  @Test func magicReadsAsText() {
    let text = withUnsafeBytes(of: PlanHeader.magicValue.littleEndian) { Array($0) }
    #expect(text == Array("HVPLAN\r\n".utf8))
  }
}
