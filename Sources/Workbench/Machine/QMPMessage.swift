internal import Foundation

/// One message from QEMU's machine protocol (QMP specification, sections 2.2 to 2.5): one JSON
/// object on a line.
package enum QMPMessage: Equatable, Sendable {
  /// First message after connecting; the version as `major.minor.micro`.
  case greeting(version: String)
  /// A command succeeded; what it returned is not needed here.
  case success
  case failure(kind: String, description: String)
  case event(name: String)

  private struct Wire: Decodable {
    struct Greeting: Decodable {
      struct Version: Decodable {
        struct Number: Decodable {
          var major: Int
          var minor: Int
          var micro: Int
        }
        var qemu: Number
      }
      var version: Version
    }
    struct Failure: Decodable {
      var `class`: String
      var desc: String
    }
    struct Anything: Decodable {
      init(from decoder: any Decoder) throws {}
    }
    enum CodingKeys: String, CodingKey {
      case greeting = "QMP"
      case success = "return"
      case error
      case event
    }
    var greeting: Greeting?
    var success: Anything?
    var error: Failure?
    var event: String?
  }

  /// Parses one line. Throws when it is no JSON object, or none of the four kinds.
  package init(line: [UInt8]) throws(QMPError) {
    let wire: Wire
    do {
      wire = try JSONDecoder().decode(Wire.self, from: Data(line))
    } catch {
      throw .malformed(QMPMessage.excerpt(line))
    }
    if let greeting = wire.greeting {
      let number = greeting.version.qemu
      self = .greeting(version: "\(number.major).\(number.minor).\(number.micro)")
    } else if let failure = wire.error {
      self = .failure(kind: failure.class, description: failure.desc)
    } else if let event = wire.event {
      self = .event(name: event)
    } else if wire.success != nil {
      self = .success
    } else {
      throw .malformed(QMPMessage.excerpt(line))
    }
  }

  private static func excerpt(_ line: [UInt8]) -> String {
    String(decoding: line.prefix(80), as: UTF8.self)
  }
}
