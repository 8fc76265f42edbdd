import Foundation
import Yams

/// A CI configuration from a page of documentation: GitHub Actions when it has `jobs`, else GitLab.
struct CIExample {
  /// What is wrong with its form.
  struct Malformed: Error {
    var text: String
  }

  /// Command lines, and the environment they ask for.
  struct Job {
    var lines: [String]
    var environment: [String: String]
  }

  var isGitHub: Bool
  var jobs: [Job] = []

  /// All of a Markdown page.
  static func all(in page: String) throws -> [CIExample] {
    try page.components(separatedBy: "```yaml\n").dropFirst().map { rest in
      try CIExample(rest.components(separatedBy: "```")[0])
    }
  }

  init(_ yaml: String) throws {
    // Scalars stay text: `on` is a key of GitHub's, not a truth value.
    guard let root = try Yams.load(yaml: yaml, .basic) as? [String: Any] else {
      throw Malformed(text: "no mapping: \(yaml)")
    }
    isGitHub = root["jobs"] != nil
    if isGitHub {
      try Self.check(root, has: ["on", "jobs"], mayHave: ["concurrency"])
      for (_, job) in try Self.mapping(root["jobs"]) { try addGitHub(Self.mapping(job)) }
    } else {
      for (_, job) in root { try addGitLab(Self.mapping(job)) }
    }
  }

  private mutating func addGitHub(_ job: [String: Any]) throws {
    try Self.check(job, has: ["runs-on", "steps"], mayHave: ["container", "env"])
    var lines: [String] = []
    for step in try Self.list(job["steps"]) {
      let step = try Self.mapping(step)
      if let action = step["uses"] as? String {
        try Self.check(step, has: ["uses"], mayHave: ["with", "if"])
        guard action.split(separator: "@").count == 2 else {
          throw Malformed(text: "\(action) names no version")
        }
      } else {
        try Self.check(step, has: ["run"])
        lines.append(try Self.text(step["run"]))
      }
    }
    jobs.append(Job(lines: lines, environment: job["env"] as? [String: String] ?? [:]))
  }

  private mutating func addGitLab(_ job: [String: Any]) throws {
    try Self.check(
      job, has: ["script", "artifacts"], mayHave: ["image", "tags", "resource_group", "variables"])
    let artifacts = try Self.mapping(job["artifacts"])
    try Self.check(artifacts, has: ["when", "paths", "reports"])
    guard try Self.text(artifacts["when"]) == "always",
      try Self.mapping(artifacts["reports"])["junit"] is String
    else { throw Malformed(text: "artifacts: \(artifacts)") }
    _ = try Self.list(artifacts["paths"]).map(Self.text)
    jobs.append(
      Job(
        lines: try Self.list(job["script"]).map(Self.text),
        environment: job["variables"] as? [String: String] ?? [:]))
  }

  private static func check(
    _ node: [String: Any], has needed: Set<String>, mayHave more: Set<String> = []
  ) throws {
    guard needed.isSubset(of: node.keys), needed.union(more).isSuperset(of: node.keys) else {
      throw Malformed(text: "keys \(node.keys.sorted()), due are \(needed.sorted())")
    }
  }

  private static func mapping(_ node: Any?) throws -> [String: Any] {
    guard let mapping = node as? [String: Any] else { throw Malformed(text: "no mapping") }
    return mapping
  }

  private static func list(_ node: Any?) throws -> [Any] {
    guard let list = node as? [Any], !list.isEmpty else { throw Malformed(text: "no list") }
    return list
  }

  private static func text(_ node: Any?) throws -> String {
    guard let text = node as? String else { throw Malformed(text: "no text") }
    return text
  }
}
