/// The page of a gate: the verdict, and each path as it was and as it is.
public enum HTMLGatePage {
  /// `source`: what was compared with what; `notice` says what the numbers are.
  public static func render(
    title: String, source: String, notice: String, _ results: [CheckResult]
  ) -> String {
    let failed = results.filter { $0.state == .failed }
    let undecided = results.filter { $0.state == .undecided }
    let (style, text) =
      !failed.isEmpty
      ? ("missed", "FAIL: \(failed.count) of \(results.count) changed")
      : results.isEmpty || !undecided.isEmpty
        ? ("open", "NO VERDICT: \(undecided.count) of \(results.count) could not be judged")
        : ("kept", "PASS: all \(results.count) as recorded")
    let hasPlaces = results.contains { !$0.place.isEmpty }
    let rows = (failed + undecided + results.filter { $0.state == .passed }).map {
      [$0.name] + (hasPlaces ? [$0.place] : []) + [$0.state.rawValue, $0.message]
    }
    let changes = (failed + undecided).map { result in
      tag(
        "section", [:],
        tag(
          "h3", text: [result.name, result.place].filter { !$0.isEmpty }.joined(separator: ", ")),
        tag("p", text: result.message),
        .element("ul", [:], result.details.map { tag("li", text: $0) }))
    }
    return htmlPage(
      title: title,
      tag("header", [:], tag("h1", text: title), tag("p", ["class": "soft"], text: source)),
      tag(
        "section", ["id": "verdict", "class": "verdict \(style)", "aria-label": "Verdict"],
        tag("strong", text: text)),
      notice.isEmpty ? .markup("") : tag("p", ["class": "emulated"], text: notice),
      changes.isEmpty ? .markup("") : tag("h2", text: "What changed"), .join(changes),
      tag("h2", text: "All"),
      htmlTable(
        caption: "Compared one by one",
        head: ["what"] + (hasPlaces ? ["where"] : []) + ["result", "numbers"], rows: rows,
        text: [0, 1, 2, 3]))
  }
}
