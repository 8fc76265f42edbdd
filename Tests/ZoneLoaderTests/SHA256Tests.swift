import Testing

@testable import ZoneLoader

@Suite struct SHA256Tests {
  private func hex(_ message: [UInt8]) -> String {
    SHA256.digest(of: message).map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
  }

  /// Vectors of NIST's CAVP, SHA256ShortMsg.rsp, and of FIPS 180-2, appendix B.
  @Test func vectors() {
    #expect(hex([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(hex([0xd3]) == "28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1")
    #expect(
      hex(Array("abc".utf8))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      hex(Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8))
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    #expect(
      hex([UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  /// Every length around the padding boundaries, against coreutils.
  @Test(arguments: [54, 55, 56, 57, 63, 64, 65, 119, 120, 128])
  func lengths(_ count: Int) throws {
    let message = (0..<count).map { UInt8($0) }
    let expected = String(decoding: try run(["sha256sum"], input: message), as: UTF8.self)
    #expect(expected.hasPrefix(hex(message)))
  }
}
