import LatencyReport
import Testing

@testable import LatencyFormats

@Suite struct RecognitionTests {
  @Test func everyFixtureIsRecognised() throws {
    for (format, bytes) in Fixtures.all {
      #expect(try Recognition.format(of: ByteStream(bytes)) == format)
      #expect(
        try read(bytes).provenance.first == ProvenanceItem("format", format.summary), "\(format)")
    }
    let record = try RecordWriter.write(try read(Fixtures.csv))
    #expect(try Recognition.format(of: ByteStream(record)) == .record)
  }

  /// Editors put it there.
  @Test func byteOrderMarks() throws {
    for (format, text) in Fixtures.texts {
      let marked: [UInt8] = [0xef, 0xbb, 0xbf] + Array(text.utf8)
      for claimed in [nil, format] {
        #expect(
          Report(try read(marked, as: claimed)) == Report(try read(text, as: claimed)), "\(format)")
      }
    }
    #expect(throws: FormatError.self) { try read([0xef, 0xbb, 0xbf]) }
  }

  @Test func neitherThisNorThat() {
    for text in ["", "\n", "hello\n", "PK\u{3}\u{4}", "<html>\n", "1 2 3\n", "{\"a\": 1}", "1,2\n"]
    {
      let error = #expect(throws: FormatError.self) { try read(text) }
      #expect(error?.advice.isEmpty == false)
    }
    #expect(throws: FormatError.self) { try read([UInt8](repeating: 0, count: 5600)) }
  }

  /// Every reader of lines says in which line the file ends, in the same words.
  @Test func aLastLineThatIsNotEnded() throws {
    for (format, text) in Fixtures.texts where !text.hasPrefix("{") {
      let error = try #require(throws: FormatError.self) {
        try read(String(text.dropLast()), as: format)
      }
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count - 1
      #expect(error.position == .line(lines), "\(format): \(error)")
      #expect(error.problem.hasPrefix("the last line '"), "\(format): \(error)")
      #expect(error.problem.hasSuffix("is not ended by a line feed, so the file is cut off"))
      #expect(error.readSoFar != "nothing")
    }
  }

  /// Two formats in one file are refused, in either order, with every pair of fixtures.
  @Test func mixedFiles() {
    for (index, first) in Fixtures.all.enumerated() {
      for (other, second) in Fixtures.all.enumerated() where index != other {
        // Columns and comments of CSV can hold nothing else; plain numbers after numbers are one file.
        #expect(throws: FormatError.self, "\(first.0) then \(second.0)") {
          try read(first.1 + second.1)
        }
      }
    }
  }

  /// `--from jitterdebugger` and `--from hdr` stand for both files of these tools.
  @Test func namesOfTools() throws {
    #expect(try read(Fixtures.samples, as: .jitterdebugger).series.count == 2)
    #expect(try read(Fixtures.hgrm, as: .hdr).series.count == 1)
  }

  @Test func aWrongNameIsRefused() {
    let families: [Format: Format] = [.jitterdebuggerSamples: .jitterdebugger, .hgrm: .hdr]
    for (format, bytes) in Fixtures.all {
      for claimed in Format.allCases where claimed != format && claimed != families[format] {
        #expect(throws: FormatError.self, "\(format) as \(claimed)") {
          try read(bytes, as: claimed)
        }
      }
    }
  }
}
