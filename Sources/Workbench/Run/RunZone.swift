/// A zone that the run can speak of.
package struct RunZone: Equatable, Sendable {
  package var name: String
  /// It has a console, so text can be typed to it.
  package var hasConsole: Bool
  /// The kernel starts it; otherwise zone0 may.
  package var startsAtBoot: Bool

  package init(name: String, hasConsole: Bool = true, startsAtBoot: Bool = true) {
    self.name = name
    self.hasConsole = hasConsole
    self.startsAtBoot = startsAtBoot
  }
}
