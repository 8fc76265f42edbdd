#if hasFeature(Embedded)
internal import GuestEntry

// The calling CPU's mask, whatever interrupt controller there is.
extension Interrupts {
  /// Unmasks interrupts on the calling CPU.
  @inline(__always)
  public static func enable() { guest_irq_enable() }
  /// Masks interrupts on the calling CPU.
  @inline(__always)
  public static func disable() { guest_irq_disable() }
  /// Masks interrupts; `restore` undoes it.
  @inline(__always)
  public static func save() -> UInt64 { guest_irq_save() }
  /// Takes back what `save` returned.
  @inline(__always)
  public static func restore(_ mask: UInt64) { guest_irq_restore(mask) }
  /// WFI: until an interrupt is pending, masked or not.
  @inline(__always)
  public static func wait() { guest_wfi() }
}
#endif
