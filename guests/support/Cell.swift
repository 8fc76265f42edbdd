#if hasFeature(Embedded)
internal import GuestEntry

/// One 64-bit variable shared between interrupt handlers and the code they interrupt.
///
/// Cells lie in a block reserved by the entry code; each guest numbers its own, below 512. Access
/// is volatile and single-copy atomic.
public struct Cell {
  /// Where it is.
  let address: UInt64

  /// Cell `number`, below 512.
  @inline(__always)
  public init(_ number: UInt64) { address = guest_cells_address() + 8 * number }

  /// What it holds.
  @inline(__always)
  public var value: UInt64 {
    get { guest_load64(address) }
    nonmutating set { guest_store64(address, newValue) }
  }
}
#endif
