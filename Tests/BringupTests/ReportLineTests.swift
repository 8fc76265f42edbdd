import LatencyProbe
import Testing

@testable import Bringup

/// Lines of fixed size, and the log that keeps them.
@Suite struct ReportLineTests {
  @Test func fieldsAreWrittenInOrder() {
    var line = ReportLine()
    line.add("a", 0)
    line.add("b", .max)
    line.add("c", hex: 0)
    line.add("d", hex: .max)
    line.add("e", signed: -2)
    line.add("f", signed: .min)
    line.add("g", "word")
    line.add("h", major: 1, minor: 1)
    line.add("i", count: -1)
    line.note("a remark")
    #expect(
      text(of: line)
        == " a=0 b=18446744073709551615 c=0x0 d=0xffffffffffffffff e=-2 f=-9223372036854775808"
        + " g=word h=1.1 i=0 # a remark")
    line.clear()
    #expect(text(of: line) == "")
  }

  @Test func hexHasNoLeadingZeros() {
    for (value, expected) in [
      (UInt64(0xf), "0xf"), (0x10, "0x10"), (0x9600_0010, "0x96000010"),
      (1 << 63, "0x8000000000000000"),
    ] {
      var line = ReportLine()
      line.add("x", hex: value)
      #expect(text(of: line) == " x=\(expected)")
    }
  }

  @Test func whatDoesNotFitIsLeftOutWhole() {
    var line = ReportLine()
    for _ in 0..<100 { line.add("key", 1_234_567_890) }
    line.note("still said")
    let words = text(of: line).split(separator: " ")
    #expect(words.dropLast(3).allSatisfy { $0 == "key=1234567890" })
    #expect(words.suffix(3) == ["#", "still", "said"])
    #expect(words.count > 10)
  }

  @Test func aListThatIsTooLongLosesItsEnd() {
    var line = ReportLine()
    var fitted = 0
    for number in 0..<1000 where line.addItem("lines", UInt64(number), isFirst: number == 0) {
      fitted += 1
    }
    let items = text(of: line).dropFirst(" lines=".count).split(separator: ",")
    #expect(items.count == fitted && fitted > 50 && items.last == "\(fitted - 1)")
  }

  @Test func aWordCannotEndTheLine() {
    var line = ReportLine()
    line.addWord("error") { put in for byte in Array("a b\nc".utf8) { put(byte) } }
    #expect(text(of: line) == " error=a_b_c")
  }

  @Test func theLogIsFoundInARecordAndDamageIsNoLog() {
    var record = [UInt8](repeating: 0, count: RecordHeader.byteCount + BringupLog.byteCount)
    func put(_ value: UInt64, _ bytes: Int, at offset: Int) {
      for index in 0..<bytes {
        record[offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
      }
    }
    put(RecordHeader.magicValue, 8, at: 0)
    let slot = RecordHeader.sectionsOffset + 5 * 32
    put(UInt64(RecordSectionKind.bringupLog.rawValue), 4, at: slot)
    put(UInt64(RecordHeader.byteCount), 8, at: slot + 8)
    let log = RecordHeader.byteCount
    put(BringupLog.magicValue, 8, at: log)
    put(5, 8, at: log + 8)
    for (index, byte) in "hello!".utf8.enumerated() { record[log + 16 + index] = byte }
    #expect(BringupLog.text(inRecord: record) == Array("hello".utf8))
    #expect(BringupLog.text(inRecord: Array(record.prefix(log + 18))) == nil)
    #expect(BringupLog.text(inRecord: []) == nil)
    put(.max, 8, at: slot + 8)
    #expect(BringupLog.text(inRecord: record) == nil)
    put(UInt64(RecordHeader.byteCount), 8, at: slot + 8)
    put(UInt64(BringupLog.capacity + 1), 8, at: log + 8)
    #expect(BringupLog.text(inRecord: record) == nil)
    put(.max, 8, at: log + 8)
    #expect(BringupLog.text(inRecord: record) == nil)
  }
}
