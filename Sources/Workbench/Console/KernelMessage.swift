/// What the kernel says on its own console, as listed in docs/interfaces.md "Console stream".
package enum KernelMessage: Equatable, Sendable {
  case planRefused(String)
  case cpuMissing(cpu: Int, reason: String)
  case refused(zone: String, reason: String)
  /// `restart` is 0 at the first start.
  case started(zone: String, restart: Int)
  case stopped(zone: String, reason: String)
  /// `record` is the kernel's text: `cpu=N reason=REASON pc=0x.. address=0x.. syndrome=0x..`.
  case failed(zone: String, record: String)
  case dropped(zone: String, bytes: Int)
  case panic(String)

  /// Reads one kernel line without its prefix; nil when tools need not care about it.
  package init?(line: String) {
    if line.hasPrefix("PANIC") {
      self = .panic(line.dropFirst(5).trimmingSpaces)
    } else if let reason = line.after("plan refused:") {
      self = .planRefused(reason)
    } else if let rest = line.after("cpu "), let split = rest.split(at: " did not start:"),
      let cpu = Int(split.head)
    {
      self = .cpuMissing(cpu: cpu, reason: split.tail)
    } else if let rest = line.after("zone "), let message = KernelMessage(zoneLine: rest) {
      self = message
    } else {
      return nil
    }
  }

  /// `rest` is what follows `zone `.
  private init?(zoneLine rest: String) {
    if let split = rest.split(at: " refused:") {
      self = .refused(zone: split.head, reason: split.tail)
    } else if let split = rest.split(at: " stopped:") {
      self = .stopped(zone: split.head, reason: split.tail)
    } else if let split = rest.split(at: " failed:") {
      self = .failed(zone: split.head, record: split.tail)
    } else if let split = rest.split(at: " dropped "), split.tail.hasSuffix(" of console output"),
      let number = split.tail.split(separator: " ").first.flatMap({ Int($0) })
    {
      self = .dropped(zone: split.head, bytes: number)
    } else if let split = rest.split(at: " started") {
      if split.tail.isEmpty {
        self = .started(zone: split.head, restart: 0)
      } else if let count = split.tail.after("(restart ")?.dropLast(), let number = Int(count) {
        self = .started(zone: split.head, restart: number)
      } else {
        return nil
      }
    } else {
      return nil
    }
  }
}

extension StringProtocol {
  /// Without spaces and tabs at both ends.
  var trimmingSpaces: String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
  }

  /// What follows `head`, trimmed; nil when the text does not start with it.
  func after(_ head: String) -> String? {
    hasPrefix(head) ? dropFirst(head.count).trimmingSpaces : nil
  }
}

extension String {
  /// The one word before the first `mark` and the trimmed text after it.
  func split(at mark: String) -> (head: String, tail: String)? {
    guard let range = self.firstRange(of: mark) else { return nil }
    let head = self[..<range.lowerBound]
    guard !head.isEmpty, !head.contains(" ") else { return nil }
    return (String(head), self[range.upperBound...].trimmingSpaces)
  }
}
