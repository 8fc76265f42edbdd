/// `1 sample`, `2 samples`: things that get an s when there are several.
package func counted(_ count: some BinaryInteger, _ thing: String) -> String {
  "\(count) \(thing)\(count == 1 ? "" : "s")"
}
