/// How pages look: on paper, on light and dark screens, narrow and wide, without a font or image from
/// elsewhere.
enum HTMLStyle {
  /// Content of the page's style element.
  static let sheet: StaticString = """
    :root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de;
      --paper: #fff; --panel: #f6f8fa; --bar: #2f6fae; --model: #8250df; --other: #9a5b00; --good: #116329;
      --goodback: #dafbe1; --bad: #a40e26; --badback: #ffebe9; --open: #7a4b00; --openback: #fff8c5 }
    @media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9da7b3; --line: #3d444d;
      --paper: #0d1117; --panel: #161b22; --bar: #58a6ff; --model: #d2a8ff; --other: #e3a64a; --good: #7ee787;
      --goodback: #10281a; --bad: #ff9a91; --badback: #3b1217; --open: #f0cd6a; --openback: #2f2506 } }
    * { box-sizing: border-box }
    body { margin: 0 auto; padding: 1.5rem; max-width: 76rem; color: var(--ink);
      background: var(--paper); font: 15px/1.5 system-ui, "DejaVu Sans", sans-serif }
    h1 { font-size: 1.5rem; margin: 0 0 .25rem; overflow-wrap: anywhere }
    h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; padding-bottom: .2rem;
      border-bottom: 1px solid var(--line) }
    h3 { font-size: 1rem; margin: 1.4rem 0 .4rem; overflow-wrap: anywhere }
    p { max-width: 52rem; margin: .4rem 0; overflow-wrap: anywhere }
    li { max-width: 52rem; overflow-wrap: anywhere }
    .soft, caption, figcaption { color: var(--soft); font-size: .87rem }
    .verdict { border: 2px solid; border-radius: 8px; padding: .8rem 1.1rem; margin: 1rem 0 }
    .verdict strong { display: block; font-size: 1.6rem; line-height: 1.3 }
    .verdict p { color: var(--ink) }
    .kept { color: var(--good); background: var(--goodback); border-color: var(--good) }
    .missed, .emulated { color: var(--bad); background: var(--badback); border-color: var(--bad) }
    .open { color: var(--open); background: var(--openback); border-color: var(--open) }
    .emulated { border: 2px solid; border-radius: 8px; padding: .6rem 1.1rem; font-weight: 600; max-width: none }
    .warning { color: var(--open) }
    nav a { margin-right: 1rem } a { color: var(--bar) }
    .skip { position: absolute; left: -999rem } .skip:focus { position: static }
    .scroll { overflow-x: auto; margin: .6rem 0 }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .87rem }
    caption { text-align: left; white-space: nowrap; padding-bottom: .2rem }
    th, td { text-align: right; padding: .22rem .5rem; border-bottom: 1px solid var(--line);
      white-space: nowrap; vertical-align: top }
    thead th { color: var(--soft); font-weight: 600 }
    tbody th { font-weight: 600 }
    th.text, td.text { text-align: left; white-space: normal; overflow-wrap: break-word;
      max-width: 34rem }
    tbody th.text { min-width: 8.2rem }
    .checklist th, .checklist td { max-width: 22rem; overflow-wrap: anywhere }
    .sign { width: 100% } .sign td { width: 60%; height: 2.8rem; border: 1px solid var(--line) }
    .plots { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)) }
    figure { margin: .4rem 0; padding: .7rem; background: var(--panel); border-radius: 8px;
      min-width: 0 }
    figcaption strong { color: var(--ink) }
    svg { display: block; width: 100%; height: auto }
    svg text { fill: var(--soft); font-size: 11px }
    .grid { stroke: var(--line); stroke-width: 1 } .axis { stroke: var(--soft); stroke-width: 1 }
    .bar { fill: var(--bar) } .trace { stroke: var(--bar); fill: none; stroke-width: 1.6 }
    .model { stroke: var(--model); fill: none; stroke-width: 1.8; stroke-dasharray: 6 4 }
    .model.maxima { stroke: var(--other); stroke-dasharray: 1.5 3 }
    .band { fill: var(--model); fill-opacity: .13 } .band.maxima { fill: var(--other) }
    .found { fill: var(--open); fill-opacity: .18 }
    .limit { stroke: var(--bad); stroke-width: 1.6; stroke-dasharray: 3 3 }
    svg text.limit { fill: var(--bad); stroke: none } svg text.model { fill: var(--model); stroke: none }
    .single { stroke: var(--soft); stroke-dasharray: 2 4 }
    .dot { fill: var(--bar) } .change { fill: var(--bad) }
    :focus-visible { outline: 2px solid var(--bar); outline-offset: 2px }
    rect:focus-visible, circle:focus-visible { outline: none; stroke: var(--ink); stroke-width: 2 }
    summary { cursor: pointer; color: var(--soft); font-size: .87rem }
    @media print { :root { color-scheme: light; --ink: #000; --soft: #444; --line: #bbb; --paper: #fff;
      --panel: #fff; --bar: #1f5a92; --model: #6639ba; --other: #7a4800; --good: #0b4a1e; --bad: #8c0a1f;
      --goodback: #fff; --badback: #fff; --openback: #fff; --open: #5c3900 }
      body { font-size: 10pt; max-width: none; padding: 0 } nav { display: none }
      figure, .verdict, tr { break-inside: avoid } h2, h3 { break-after: avoid }
      .scroll { overflow: visible } table { font-size: 7pt } th, td { padding: .12rem .25rem }
      tbody th.text { min-width: 0 }
      details::details-content { content-visibility: visible; height: auto } }
    """
}

/// A whole page: nothing is loaded from anywhere, and no script can run in it.
package func htmlPage(title: String, _ content: HTML...) -> String {
  let head = tag(
    "head", [:], tag("meta", ["charset": "utf-8"]),
    tag("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
    tag(
      "meta",
      [
        "http-equiv": "Content-Security-Policy",
        "content": "default-src 'none'; style-src 'unsafe-inline'",
      ]),
    tag("title", text: title), tag("style", [:], .markup(HTMLStyle.sheet)))
  let body = tag(
    "body", [:], tag("a", ["class": "skip", "href": "#verdict"], text: "To the verdict"),
    .element("main", [:], content))
  return "<!DOCTYPE html>\n" + tag("html", ["lang": "en"], head, body).source + "\n"
}
