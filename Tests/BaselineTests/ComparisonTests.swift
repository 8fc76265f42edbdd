import Foundation
import Testing

/// The comparison itself: it must see one instruction, and must not see what is no difference.
@Suite struct ComparisonTests {
  private let recorded = BaselineFile(
    measured: [.firmwareCall: Distribution(counts: [62: 100_000])], on: .aarch64,
    provenance: BaselineFile.Provenance(date: "", emulator: "QEMU 10.0.2", images: ["k": "1"]))

  @Test func equalIsNoDifference() {
    let same = Distribution(counts: [62: 100_000])
    #expect(recorded.difference(.firmwareCall, same, on: .aarch64, emulator: "QEMU 10.0.2") == nil)
    #expect(recorded.difference(.firmwareCall, same, on: .aarch64, emulator: "QEMU 11.1.0") == nil)
  }

  @Test(arguments: [[63: 100_000], [61: 100_000], [62: 99_999, 63: 1], [62: 99_999], [:]])
  func anyOtherIs(counts: [UInt64: UInt64]) throws {
    let other = Distribution(counts: counts)
    let text = try #require(
      recorded.difference(.firmwareCall, other, on: .aarch64, emulator: "QEMU 10.0.2"))
    #expect(text.hasPrefix("firmware-call was 62 x 100000 instructions, is \(other) instructions."))
    #expect(text.contains("make baseline") && text.contains("build/bin/hv run "))
    #expect(!text.contains("Recorded with"))
  }

  @Test func namesTheOtherEmulator() throws {
    let text = try #require(
      recorded.difference(.firmwareCall, Distribution(1), on: .aarch64, emulator: "QEMU 11.1.0"))
    #expect(text.contains("Recorded with QEMU 10.0.2, measured with QEMU 11.1.0."))
  }

  @Test func missingBaseline() throws {
    let text = try #require(recorded.difference(.boot, Distribution(5), on: .aarch64, emulator: ""))
    #expect(text.contains("no baseline, now 5 instructions"))
  }

  @Test func writtenAndReadAgain() throws {
    let copy = try JSONDecoder().decode(BaselineFile.self, from: JSONEncoder().encode(recorded))
    #expect(copy == recorded)
  }
}

@Suite struct DistributionTests {
  @Test(arguments: ["5", "0", "2 x 100000", "118 x 990, 124 x 10", "7 x 1, 8 x 1"])
  func description(text: String) throws {
    #expect(try #require(Distribution(text)).description == text)
  }

  @Test(arguments: [
    "", "x", "-1", "2 x", "2 x 0", "2 x -1", "2 x 1,3 x 1", "3 x 1, 2 x 1", "2 x 1, 2 x 1", "2 x 1",
    "2 x 3, ", " 5", "99999999999999999999",
  ]) func malformed(text: String) {
    #expect(Distribution(text) == nil)
  }

  /// Minimum, maximum, sum, samples, samples at the minimum; and what they stand for.
  @Test(
    arguments: [
      ([2, 2, 6, 3, 3], "2 x 3"), ([118, 124, 118_060, 1000, 990], "118 x 990, 124 x 10"),
      ([2, 4, 9, 3, 1], nil), ([2, 3, 8, 3, 2], nil), ([2, 2, 7, 3, 3], nil),
      ([2, 2, 6, 3, 2], nil), ([2, 3, 6, 3, 3], nil), ([0, 0, 0, 0, 0], nil),
      ([3, 2, 5, 2, 1], nil), ([2, 2, 6, 3, 4], nil), ([.max, .max, 0, 2, 2], nil),
    ] as [([UInt64], String?)]) func summary(row: (numbers: [UInt64], text: String?))
  {
    let n = row.numbers
    let distribution = Distribution(
      minimum: n[0], maximum: n[1], sum: n[2], samples: n[3], atMinimum: n[4])
    #expect(distribution?.description == row.text)
  }

  @Test(
    arguments: [
      ("2 x 99998, 7 x 2", true), ("2 x 99990, 7 x 5, 12 x 5", true), ("2 x 100000", false),
      ("2 x 99989, 7 x 11", false), ("1 x 1, 2 x 99999", false), ("2 x 99999, 67 x 1", false),
      ("2 x 99998, 7 x 1", false), ("3 x 100000", false), ("7 x 100000", false),
    ]) func wakeUpRace(row: (text: String, isRace: Bool)) throws
  {
    let expected = try #require(Distribution("2 x 100000"))
    let measured = try #require(Distribution(row.text))
    #expect(measured.looksLikeWakeUpRace(expected: expected) == row.isRace)
  }
}

@Suite struct LimitTests {
  private let measured: [MeasuredPath: Distribution] = [
    .ipiSelf: Distribution(counts: [90: 99_999, 91: 1]), .boot: Distribution(150_000),
    .timerBusy: Distribution(counts: [2: 10]), .timerBusyBare: Distribution(counts: [2: 10]),
    .timerIdle: Distribution(counts: [2: 9, 3: 1]), .timerIdleBare: Distribution(counts: [2: 10]),
  ]

  /// A limit as the file has it, and a part of the complaint.
  @Test(
    arguments: [
      (#"{"path":"boot","most":150000}"#, nil), (#"{"path":"ipi-self","most":91}"#, nil),
      (
        #"{"path":"ipi-self","most":90}"#, "ipi-self is 90 x 99999, 91 x 1 instructions, at most 90"
      ),
      (#"{"path":"ipi-self","most":90,"gap":"cause"}"#, nil),
      (#"{"path":"ipi-self","most":90,"gap":""}"#, "needs its cause"),
      (#"{"path":"boot","most":150000,"gap":"cause"}"#, "remove the gap 'cause'"),
      (#"{"path":"timer-busy","equals":"timer-busy-bare"}"#, nil),
      (#"{"path":"timer-idle","equals":"timer-idle-bare"}"#, "but timer-idle-bare is 2 x 10"),
      (#"{"path":"timer-idle","equals":"restart"}"#, "but restart is not measured"),
      (#"{"path":"restart","most":1}"#, "restart was not measured"),
      (#"{"path":"boot"}"#, "either `most` or `equals`"),
    ] as [(String, String?)]) func limit(row: (json: String, complaint: String?)) throws
  {
    let limit = try JSONDecoder().decode(LimitFile.Limit.self, from: Data(row.json.utf8))
    let violation = limit.violation(measured)
    if let complaint = row.complaint {
      #expect(violation?.contains(complaint) == true, "\(violation ?? "none")")
    } else {
      #expect(violation == nil)
    }
  }

  @Test(arguments: [
    #"{"path":"no-such-path","most":1}"#, #"{"most":1}"#, #"{"path":"boot","most":-1}"#,
  ])
  func malformed(json: String) {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(LimitFile.Limit.self, from: Data(json.utf8))
    }
  }
}

@Suite struct KernelImageTests {
  /// An ELF64 header and three sections: not in memory 0x50, zeroed 0x40, loaded 0x30.
  private static var file: Data {
    var file = Data(count: 64 + 3 * 64)
    file.replaceSubrange(0..<6, with: [0x7f, 0x45, 0x4c, 0x46, 2, 1])
    file[0x28] = 64
    file[0x3a] = 64
    file[0x3c] = 3
    for (index, (type, flags, size)) in [(1, 0, 0x50), (8, 3, 0x40), (1, 6, 0x30)].enumerated() {
      let section = 64 + 64 * index
      file[section + 4] = UInt8(type)
      file[section + 8] = UInt8(flags)
      file[section + 0x20] = UInt8(size)
    }
    return file
  }

  @Test func countsWhatIsLoaded() throws {
    #expect(try KernelImage.loadedBytes(Self.file) == 0x30)
  }

  @Test func refusesWhatIsCutOff() {
    for length in 0..<(Self.file.count - 24) {
      #expect(throws: MeasurementError.self) {
        try KernelImage.loadedBytes(Self.file.prefix(length))
      }
    }
  }
}
