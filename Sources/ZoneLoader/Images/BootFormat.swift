import Boards
import SepKernel

/// The container a boot image is written in. All hold the same bytes, the Linux `Image`; what differs is
/// who says where they go: the person at the boot loader's prompt, or a header in front of them.
public enum BootFormat: String, CaseIterable, Sendable {
  /// No header in front: the boot image as it lies in memory, from its base on.
  case image
  /// An executable with one segment.
  case elf
  /// The legacy image of U-Boot.
  case uimage
  /// A flattened image tree of U-Boot.
  case fit

  /// Why a boot image cannot be put into a container.
  enum Failure: Error, Equatable, CustomStringConvertible {
    case tooLong(Int)
    case tooHigh(UInt64)
    case tree(DeviceTreeError)

    /// Continues a sentence that starts with the file's name.
    var description: String {
      switch self {
      case .tooLong(let count):
        return "would hold \(count) bytes, and a length in this format has 32 bits: "
          + "use --format image or elf"
      case .tooHigh(let address):
        return "cannot say that it belongs to 0x\(String(address, radix: 16)), because an address "
          + "in this format has 32 bits: use --format image, elf or fit"
      case .tree(let error): return "cannot be written: \(error)"
      }
    }
  }

  /// What a container says of the boot image in it.
  struct Content {
    var bytes: [UInt8]
    /// Where they belong, and where execution begins.
    var base: UInt64
    var architecture: PlanArchitecture
    /// For people.
    var name: String
  }

  /// The bytes that go before those of the boot image.
  func header(for content: Content) throws(Failure) -> [UInt8] {
    switch self {
    case .image: []
    case .elf: Self.elfHeader(for: content)
    case .uimage: try Self.uimageHeader(for: content)
    case .fit: try Self.fitHeader(for: content)
    }
  }

  /// The length of a boot image for a field of 32 bits.
  static func length(_ count: Int) throws(Failure) -> UInt32 {
    guard let length = UInt32(exactly: count) else { throw .tooLong(count) }
    return length
  }
}
