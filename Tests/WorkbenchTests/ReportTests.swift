import Foundation
import Testing

@testable import Workbench

@Suite struct TextTableTests {
  @Test func plain() {
    let table = TextTable(header: ["a", "long"], rows: [["xyz", "1"], ["", "2", "3"], ["q"]])
    #expect(table.plain == "a    long\n---  ----\nxyz  1\n     2\nq\n")
  }

  @Test func markdown() {
    let table = TextTable(header: ["a", "b"], rows: [["x|y", "1"]])
    #expect(table.markdown == "| a | b |\n| --- | --- |\n| x\\|y | 1 |\n")
  }

  @Test func noControlCharacters() {
    let table = TextTable(header: ["a"], rows: [["x\ny\u{1b}[2J"], ["\r\n"]])
    #expect(table.plain == "a\n-------\nx\u{fffd}y\u{fffd}[2J\n\u{fffd}\n")
  }

  @Test func empty() {
    #expect(TextTable(header: [], rows: [[]]).plain == "\n\n\n")
  }
}

@Suite struct OwnershipSheetTests {
  static let sheet = OwnershipSheet(
    file: "demo/system.yaml", board: "qemu-virt-aarch64", planChecksum: "0123456789abcdef",
    imageHash: "00112233445566778899aabbccddeeff",
    zones: [
      .init(
        index: 0, name: "linux", kind: "zone0", cpus: [0, 1], memory: 512 << 20, image: "Image"),
      .init(index: 1, name: "rt", kind: "zoneR", cpus: [2], memory: 2 << 20, image: "rt.elf"),
    ],
    rows: [
      .init(resource: "cpu", identifier: "0", owner: "linux", note: "MPIDR 0x0"),
      .init(resource: "cpu", identifier: "2", owner: "rt", note: "MPIDR 0x2"),
      .init(
        resource: "memory", identifier: "0x40200000-0x402fffff", owner: "kernel",
        note: "image, plan, payloads"),
      .init(resource: "line", identifier: "33", owner: "kernel", note: ""),
    ])

  @Test func text() {
    #expect(
      Self.sheet.text == """
        Ownership of every CPU, page, line and device
        system  demo/system.yaml
        board   qemu-virt-aarch64
        plan    0123456789abcdef (checksum)
        kernel  00112233445566778899aabbccddeeff (SHA-256, first 16 bytes)

        zone   kind   CPUs  memory   image
        -----  -----  ----  -------  ------
        linux  zone0  0,1   512 MiB  Image
        rt     zoneR  2     2 MiB    rt.elf

        resource  which                  owner   note
        --------  ---------------------  ------  ---------------------
        cpu       0                      linux   MPIDR 0x0
        cpu       2                      rt      MPIDR 0x2
        memory    0x40200000-0x402fffff  kernel  image, plan, payloads
        line      33                     kernel

        Every resource has at most one owner; the kernel checks this plan again before it starts.

        Signed: ____________________________  Date: ______________

        """)
  }

  @Test func runsOfNumbersAreOneRow() {
    func row(_ identifier: String, _ owner: String = "a", _ resource: String = "line")
      -> OwnershipSheet.Row
    { .init(resource: resource, identifier: identifier, owner: owner, note: "n") }
    let rows = [
      row("7", "a", "cpu"), row("8"), row("9"), row("10"), row("12"), row("13", "b"),
      row("14", "b"),
      row("0x0-0xfff"), row("0x1000-0x1fff"), row("3"),
    ]
    #expect(
      OwnershipSheet.joined(rows).map(\.identifier) == [
        "7", "8-10", "12", "13-14", "0x0-0xfff", "0x1000-0x1fff", "3",
      ])
  }

  @Test func planWithoutAKernelIsNotToBeSigned() {
    var sheet = Self.sheet
    sheet.imageHash = nil
    #expect(sheet.text.contains("kernel  not built: addresses and checksum are provisional"))
  }

  @Test func json() throws {
    let object = try JSONSerialization.jsonObject(with: Data(Self.sheet.json.utf8))
    let dictionary = try #require(object as? [String: Any])
    #expect(dictionary["planChecksum"] as? String == "0123456789abcdef")
    #expect((dictionary["rows"] as? [Any])?.count == 4)
    #expect(Self.sheet.json.contains("\"file\" : \"demo/system.yaml\""))
  }

  @Test(
    arguments: [
      (0, "0 bytes"), (1, "1 bytes"), (4096, "4 KiB"), (1536 << 20, "1536 MiB"), (2 << 30, "2 GiB"),
      (UInt64.max, "18446744073709551615 bytes"),
    ] as [(UInt64, String)]) func sizes(row: (UInt64, String))
  {
    #expect(OwnershipSheet.size(row.0) == row.1)
  }
}
