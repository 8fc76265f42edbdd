/// About three significant digits, for messages.
func shortened(_ value: Double) -> String {
  guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
  var scaled = abs(value)
  var exponent = 0
  while scaled < 1 {
    scaled *= 10
    exponent -= 1
  }
  while scaled >= 10 {
    scaled /= 10
    exponent += 1
  }
  if exponent < -3 || exponent > 8 {
    let digits = (scaled * 100).rounded() / 100
    return (value < 0 ? "-" : "") + "\(digits)e\(exponent)"
  }
  if exponent >= 2 { return "\(Int64(value.rounded()))" }
  var places = 100.0
  for _ in 0..<max(0, -exponent) { places *= 10 }
  if exponent == 1 { places = 10 }
  return "\((value * places).rounded() / places)"
}
