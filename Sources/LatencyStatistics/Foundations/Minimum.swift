internal import Foundation

/// A local minimum of `function` by the simplex method (Nelder and Mead 1965, The Computer Journal 7;
/// standard coefficients), restarted once so that a collapsed simplex is noticed.
///
/// `function` may return infinity for points that are not allowed, but not at `start`: nil then, and
/// when 2,000 evaluations did not converge.
func minimum(
  from start: [Double], steps: [Double], of function: ([Double]) -> Double
) -> [Double]? {
  guard let first = descend(start, steps, function) else { return nil }
  return descend(first, steps.map { $0 / 10 }, function)
}

private func descend(
  _ start: [Double], _ steps: [Double], _ function: ([Double]) -> Double
) -> [Double]? {
  let size = start.count
  var simplex = [(point: start, value: function(start))]
  guard simplex[0].value.isFinite else { return nil }
  for index in 0..<size {
    var point = start
    point[index] += steps[index]
    simplex.append((point, function(point)))
  }
  for _ in 0..<1000 {
    simplex.sort { $0.value < $1.value }
    let best = simplex[0]
    let worst = simplex[size]
    let spread = (0..<size).map { axis in
      simplex.reduce(0) { max($0, abs($1.point[axis] - best.point[axis])) }
    }
    if worst.value - best.value <= 1e-12 * (1 + abs(best.value)), spread.allSatisfy({ $0 < 1e-7 }) {
      return best.point
    }
    var centre = [Double](repeating: 0, count: size)
    for vertex in simplex.dropLast() {
      for axis in 0..<size { centre[axis] += vertex.point[axis] / Double(size) }
    }
    func along(_ factor: Double) -> (point: [Double], value: Double) {
      let point = (0..<size).map { centre[$0] + factor * (worst.point[$0] - centre[$0]) }
      return (point, function(point))
    }
    let reflected = along(-1)
    if reflected.value < best.value {
      let expanded = along(-2)
      simplex[size] = expanded.value < reflected.value ? expanded : reflected
    } else if reflected.value < simplex[size - 1].value {
      simplex[size] = reflected
    } else {
      let contracted = along(reflected.value < worst.value ? -0.5 : 0.5)
      if contracted.value < min(worst.value, reflected.value) {
        simplex[size] = contracted
      } else {
        for index in 1...size {
          let point = (0..<size).map { (simplex[index].point[$0] + best.point[$0]) / 2 }
          simplex[index] = (point, function(point))
        }
      }
    }
  }
  return nil
}
