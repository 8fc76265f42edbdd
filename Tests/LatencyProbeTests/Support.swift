/// SplitMix64: the same numbers on every run.
struct SplitMix {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// The bytes of a value in memory.
func bytes<T: BitwiseCopyable>(of value: T) -> [UInt8] {
  withUnsafeBytes(of: value) { Array($0) }
}

/// Lower-case hexadecimal, 16 bytes a line.
func hex(_ bytes: some Collection<UInt8>) -> String {
  var lines: [String] = []
  var line = ""
  for byte in bytes {
    let digits = String(byte, radix: 16)
    line += digits.count == 1 ? "0" + digits : digits
    if line.count == 32 {
      lines.append(line)
      line = ""
    }
  }
  if !line.isEmpty { lines.append(line) }
  return lines.joined(separator: "\n")
}

/// Page-aligned memory full of 0xa5, as RAM might be at power-on.
final class Memory {
  let base: UnsafeMutableRawPointer
  let byteCount: Int

  init(byteCount: Int) {
    self.byteCount = byteCount
    base = .allocate(byteCount: byteCount, alignment: 4096)
    base.initializeMemory(as: UInt8.self, repeating: 0xa5, count: byteCount)
  }

  deinit { base.deallocate() }

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: byteCount) }
}

/// A NUL-padded string in a fixed field.
func field<let count: Int>(_ string: String) -> InlineArray<count, UInt8> {
  var result = InlineArray<count, UInt8>(repeating: 0)
  for (index, byte) in string.utf8.enumerated() { result[index] = byte }
  return result
}
