import Foundation

/// A page in a browser without a window, as a person has it: with keys, dark screens and paper.
///
/// Speaks the browser's DevTools protocol (chromedevtools.github.io/devtools-protocol) over pipes; scripts
/// that run this way are not bound by what the page forbids itself.
public final class BrowserPage {
  private let process = Process()
  private let commands = Pipe()
  private let answers = Pipe()
  private var received = Data()
  private var number = 0
  private var session: String?

  /// What went wrong.
  public struct Problem: Error, CustomStringConvertible {
    public let description: String
  }

  /// Opens a page in a browser whose files are in `folder`; it ends by itself after a minute.
  public init(_ html: String, in folder: URL, width: Int = 1280, height: Int = 900) throws {
    let file = folder.appendingPathComponent("page.html")
    try Data(html.utf8).write(to: file)
    process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
    // The protocol is on descriptors 3 and 4.
    process.arguments =
      ["-k", "2", "60", "/bin/sh", "-c", "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null"]
      + Chromium.command(folder) + ["--remote-debugging-pipe", "about:blank"]
    process.standardInput = commands
    process.standardOutput = answers
    process.standardError = FileHandle.nullDevice
    try process.run()
    let targets = try call("Target.getTargets")["targetInfos"] as? [[String: Any]] ?? []
    guard let target = targets.first(where: { $0["type"] as? String == "page" })?["targetId"] else {
      throw Problem(description: "the browser has no page: \(targets)")
    }
    let attached = try call("Target.attachToTarget", ["targetId": target, "flatten": true])
    session = attached["sessionId"] as? String
    try resize(width: width, height: height)
    _ = try call("Page.navigate", ["url": file.absoluteString])
    try wait(for: "location.protocol == 'file:' && document.readyState == 'complete'")
  }

  deinit {
    session = nil
    // Not by a signal: threads of tests block them, and so do the programs they start.
    _ = try? call("Browser.close")
    try? commands.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  /// Sends a command and returns its result.
  @discardableResult
  public func call(_ method: String, _ parameters: [String: Any] = [:]) throws -> [String: Any] {
    number += 1
    var message: [String: Any] = ["id": number, "method": method, "params": parameters]
    message["sessionId"] = session
    let bytes = try JSONSerialization.data(withJSONObject: message)
    try commands.fileHandleForWriting.write(contentsOf: bytes + [0])
    while true {
      let answer = try JSONSerialization.jsonObject(with: nextMessage()) as? [String: Any] ?? [:]
      guard answer["id"] as? Int == number else { continue }
      if let error = answer["error"] { throw Problem(description: "\(method): \(error)") }
      return answer["result"] as? [String: Any] ?? [:]
    }
  }

  private func nextMessage() throws -> Data {
    while true {
      if let end = received.firstIndex(of: 0) {
        let message = received[received.startIndex..<end]
        received = received[(end + 1)...]
        return Data(message)
      }
      let more = answers.fileHandleForReading.availableData
      guard !more.isEmpty else { throw Problem(description: "the browser ended") }
      received += more
    }
  }

  /// The value of a JavaScript expression.
  public func value<Value>(_ expression: String, as type: Value.Type = Value.self) throws -> Value {
    let answer = try call(
      "Runtime.evaluate",
      ["expression": expression, "returnByValue": true, "awaitPromise": true])
    let result = answer["result"] as? [String: Any]
    guard let value = result?["value"] as? Value else {
      throw Problem(description: "\(expression): \(answer)")
    }
    return value
  }

  /// Waits until a JavaScript expression holds, ten seconds at most.
  public func wait(for condition: String) throws {
    let end = ContinuousClock.now + .seconds(10)
    while try !value(condition, as: Bool.self) {
      guard ContinuousClock.now < end else {
        throw Problem(description: "never came true: \(condition)")
      }
      usleep(20_000)
    }
  }

  /// The size of the window, in CSS pixels.
  public func resize(width: Int, height: Int) throws {
    try call(
      "Emulation.setDeviceMetricsOverride",
      ["width": width, "height": height, "deviceScaleFactor": 1, "mobile": false])
  }

  /// What the page is shown on. `isDark`: what the person prefers.
  public func show(on media: Media, isDark: Bool) throws {
    let feature = ["name": "prefers-color-scheme", "value": isDark ? "dark" : "light"]
    try call("Emulation.setEmulatedMedia", ["media": media.rawValue, "features": [feature]])
  }

  public enum Media: String, Sendable { case screen, print }

  /// Presses and releases a key.
  public func press(_ key: Key, shift: Bool = false) throws {
    let (name, code, text): (String, Int, String?) =
      switch key {
      case .tab: ("Tab", 9, nil)
      case .enter: ("Enter", 13, "\r")
      case .right: ("ArrowRight", 39, nil)
      }
    var event: [String: Any] = [
      "key": name, "code": name, "windowsVirtualKeyCode": code, "modifiers": shift ? 8 : 0,
    ]
    event["text"] = text
    event["type"] = text == nil ? "rawKeyDown" : "keyDown"
    try call("Input.dispatchKeyEvent", event)
    event["text"] = nil
    event["type"] = "keyUp"
    try call("Input.dispatchKeyEvent", event)
  }

  public enum Key: Sendable { case tab, enter, right }

  /// What the window shows, as PNG.
  public func screenshot() throws -> Data { try bytes("Page.captureScreenshot") }

  /// The page on paper, A4, as PDF.
  public func pdf() throws -> Data {
    try bytes("Page.printToPDF", ["paperWidth": 8.27, "paperHeight": 11.69])
  }

  private func bytes(_ method: String, _ parameters: [String: Any] = [:]) throws -> Data {
    guard let text = try call(method, parameters)["data"] as? String,
      let data = Data(base64Encoded: text)
    else { throw Problem(description: "\(method): no data") }
    return data
  }

  /// Red, green and blue of a place in a picture, 0-255.
  public func colour(of png: Data, x: Int, y: Int) throws -> [Int] {
    try value(
      """
      (async () => {
        const bytes = Uint8Array.from(atob("\(png.base64EncodedString())"), c => c.charCodeAt(0));
        const image = await createImageBitmap(new Blob([bytes]));
        const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
        canvas.drawImage(image, 0, 0);
        return [...canvas.getImageData(\(x), \(y), 1, 1).data].slice(0, 3);
      })()
      """)
  }
}
