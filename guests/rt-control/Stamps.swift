#if hasFeature(Embedded)
  internal import GuestSupport

  /// What a stamp is about: the `id` of a record (docs/record-format.md).
  enum StampID: UInt64 {
    case timerBusy = 1
    case timerWaiting = 2
    case softwareInterrupt = 3
    case stimulus = 4
    case distributorRead = 5
    case versionCall = 6
    case control = 7
  }

  /// Placeholder until the LatencyProbe client is here.
  enum Stamps {
    static func open(area: UInt64, bytes: UInt64) {}
    static func write(
      _ id: UInt64, deadline: UInt64, entry: UInt64, value: UInt64 = 0
    ) {}
  }
#endif
