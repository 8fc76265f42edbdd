/// A drawing with two axes, made as SVG.
package struct HTMLPlot: Sendable {
  package var x: HTMLAxis
  package var y: HTMLAxis
  /// What the axes show, with the unit.
  package var xLabel: String
  package var yLabel: String
  /// Labels of the values on the axes.
  package var xText: @Sendable (Double) -> String
  package var yText: @Sendable (Double) -> String
  package var width = 640.0
  package var height = 300.0

  private var left: Double { 62 }
  private var bottom: Double { height - 42 }
  private var right: Double { width - 14 }
  private var top: Double { 22 }

  /// A plot 640 by 300 units, which scales with its place on the page.
  package init(
    x: HTMLAxis, y: HTMLAxis, xLabel: String, yLabel: String,
    xText: @escaping @Sendable (Double) -> String = { grouped($0) },
    yText: @escaping @Sendable (Double) -> String = { grouped($0) }
  ) {
    self.x = x
    self.y = y
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.xText = xText
    self.yText = yText
  }

  /// Horizontal place of a value.
  package func across(_ value: Double) -> Double { left + x.position(value) * (right - left) }

  /// Vertical place of a value.
  package func up(_ value: Double) -> Double { bottom - y.position(value) * (bottom - top) }

  /// The drawing: axes and `marks`. `title` and `description` are what a screen reader says.
  package func render(title: String, description: String, marks: [HTML]) -> HTML {
    let label = title + ". " + description
    return tag(
      "svg",
      [
        "viewBox": "0 0 \(coordinate(width)) \(coordinate(height))", "role": "group",
        "aria-label": label,
      ],
      .join(verticalAxis()), .join(horizontalAxis()), .join(marks))
  }

  /// A line through points.
  package func line(_ points: [(x: Double, y: Double)], class style: String) -> HTML {
    var path = ""
    for (index, point) in points.enumerated() {
      path += index == 0 ? "M" : "L"
      path += coordinate(across(point.x)) + " " + coordinate(up(point.y))
    }
    return tag("path", ["class": style, "d": path])
  }

  /// An area between a lower and an upper line.
  package func band(
    lower: [(x: Double, y: Double)], upper: [(x: Double, y: Double)], class style: String
  ) -> HTML {
    let outline = upper + lower.reversed()
    let path = outline.map { "\(coordinate(across($0.x))) \(coordinate(up($0.y)))" }
    return tag("path", ["class": style, "d": "M" + path.joined(separator: "L") + "Z"])
  }

  /// A line from below to above at a value, with its name.
  package func upright(_ value: Double, name: String) -> HTML {
    guard value >= x.low, value <= x.high else { return .markup("") }
    let place = across(value)
    let isLate = place > (left + right) / 2
    return tag("path", ["class": "limit", "d": "M\(coordinate(place)) \(top)V\(bottom)"])
      .followed(
        by: tag(
          "text",
          [
            "class": "limit", "x": coordinate(place + (isLate ? -5 : 5)), "y": "\(top - 6)",
            "text-anchor": isLate ? "end" : "start",
          ], text: name))
  }

  /// A line across at a value.
  package func level(_ value: Double, class style: String, name: String) -> HTML {
    guard value >= y.low, value <= y.high else { return .markup("") }
    return tag(
      "path",
      ["class": style, "d": "M\(left) \(coordinate(up(value)))H\(right)"],
      tag("title", text: name)
    ).followed(
      by: tag(
        "text",
        [
          "class": style == "limit" ? style : "", "x": "\(right)", "y": coordinate(up(value) - 4),
          "text-anchor": "end",
        ], text: name))
  }

  /// A bar from the bottom, at least two units wide; focusable, and named by `name`.
  package func bar(from low: Double, to high: Double, height value: Double, name: String) -> HTML {
    let start = across(low)
    let end = max(across(high), start + 2.5)
    let peak = min(up(value), bottom - 1.5)
    return tag(
      "rect",
      [
        "class": "bar", "x": coordinate(start), "y": coordinate(peak),
        "width": coordinate(end - start), "height": coordinate(bottom - peak), "tabindex": "0",
        "role": "img", "aria-label": name,
      ], tag("title", text: name))
  }

  /// A dot; focusable, and named by `name`.
  package func dot(_ place: (x: Double, y: Double), class style: String = "dot", name: String)
    -> HTML
  {
    tag(
      "circle",
      [
        "class": style, "cx": coordinate(across(place.x)), "cy": coordinate(up(place.y)),
        "r": style == "dot" ? "3.2" : "5", "tabindex": "0", "role": "img", "aria-label": name,
      ], tag("title", text: name))
  }

  /// A stretch of the horizontal axis.
  package func stretch(from low: Double, to high: Double, name: String) -> HTML {
    let start = across(low)
    return tag(
      "rect",
      [
        "class": "found", "x": coordinate(start), "y": "\(top)",
        "width": coordinate(max(2, across(high) - start)), "height": coordinate(bottom - top),
        "tabindex": "0", "role": "img", "aria-label": name,
      ], tag("title", text: name))
  }

  private func verticalAxis() -> [HTML] {
    var marks = y.ticks.map { value in
      let place = coordinate(up(value))
      return tag("path", ["class": "grid", "d": "M\(left) \(place)H\(right)"]).followed(
        by: tag(
          "text",
          ["x": "\(left - 6)", "y": coordinate(up(value) + 4), "text-anchor": "end"],
          text: yText(value)))
    }
    marks.append(tag("text", ["x": "4", "y": "11"], text: yLabel))
    return marks
  }

  private func horizontalAxis() -> [HTML] {
    var marks = [tag("path", ["class": "axis", "d": "M\(left) \(bottom)H\(right)"])]
    var end = -100.0
    for value in x.ticks {
      let place = across(value)
      marks.append(
        tag("path", ["class": "axis", "d": "M\(coordinate(place)) \(bottom)v4"]))
      let text = xText(value)
      let half = Double(text.count) * 3.2
      if place - half < end { continue }
      end = place + half + 6
      marks.append(
        tag(
          "text",
          ["x": coordinate(place), "y": "\(bottom + 17)", "text-anchor": "middle"], text: text))
    }
    marks.append(
      tag(
        "text",
        ["x": coordinate((left + right) / 2), "y": "\(height - 8)", "text-anchor": "middle"],
        text: xLabel))
    return marks
  }
}

extension HTML {
  /// Two pieces, one after the other.
  package func followed(by other: HTML) -> HTML { .join([self, other]) }
}

/// A coordinate with one decimal.
package func coordinate(_ value: Double) -> String {
  guard value.isFinite, abs(value) < 1e6 else { return "0" }
  return trimmed((value * 10).rounded() / 10)
}
