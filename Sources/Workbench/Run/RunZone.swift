/// A zone that the run can speak of.
package struct RunZone: Equatable, Sendable {
  /// As it prefixes console lines.
  package var name: String
  /// It has a console, so text can be typed to it.
  package var hasConsole: Bool
  /// The kernel starts it; otherwise zone0 may.
  package var startsAtBoot: Bool

  /// A zone with a console that starts at boot, unless said otherwise.
  package init(name: String, hasConsole: Bool = true, startsAtBoot: Bool = true) {
    self.name = name
    self.hasConsole = hasConsole
    self.startsAtBoot = startsAtBoot
  }
}
