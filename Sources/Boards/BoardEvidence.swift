/// What the kernel needs of a board, as far as it can be seen to work.
public enum BoardFeature: String, CaseIterable, Sendable {
  /// Boots, accepts its Plan, starts zones.
  case start = "kernel start"
  /// Interrupts reach the zone that owns them.
  case interrupts
  /// The UART the kernel drives, in both directions.
  case uart = "UART"
  /// A zone is stopped and started again.
  case restart
  /// Linux as zone0.
  case linux = "Linux"
}

/// Where something was seen to work.
public enum BoardStatus: String, CaseIterable, Sendable {
  /// On the board itself.
  case hardware
  /// In an emulator's model of it.
  case emulated
  /// Nowhere: there is a literal, and nobody ran it.
  case dataOnly = "data only"
}

/// That a feature works, and what shows it.
public struct BoardEvidence: Equatable, Sendable {
  /// Never `dataOnly`.
  public var status: BoardStatus
  /// The suite of `Tests/SystemTests` that fails when it does not.
  public var suite: String

  /// All features, shown by one suite.
  static func emulated(by suite: String) -> [BoardFeature: BoardEvidence] {
    Dictionary(
      uniqueKeysWithValues: BoardFeature.allCases.map {
        ($0, BoardEvidence(status: .emulated, suite: suite))
      })
  }

  /// What the suites show that boot all of QEMU's `virt` machines.
  static let virt: [BoardFeature: BoardEvidence] = [
    .start: "RealTimeZoneTests", .interrupts: "RealTimeZoneTests", .uart: "LinuxTests",
    .restart: "RestartTests", .linux: "LinuxTests",
  ].mapValues { BoardEvidence(status: .emulated, suite: $0) }
}

extension Board {
  /// Where the feature was seen to work.
  public func status(of feature: BoardFeature) -> BoardStatus {
    evidence[feature]?.status ?? .dataOnly
  }
}
