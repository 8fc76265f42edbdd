extension Catalogue {
  /// What only runs with zones show.
  package enum Zones {
    package static let records = CatalogueEntry(
      "records", .zones, "The records belong to this board and system",
      why: "A number of another board, another Plan or another kernel says nothing about this one.",
      advice:
        "Run the system that is to be signed once more and hand in its record (`hv run --record`, or "
        + "the records region read out of the board).")

    package static let kernelLog = CatalogueEntry(
      "kernel-log", .zones, "The kernel ran without an error of its own",
      why:
        "A kernel that panics, refuses its Plan or misses a CPU takes zones down with it, whatever they "
        + "did right.",
      advice:
        "The kernel's line says what it was; a panic prints all registers: report it with the image."
    )

    package static let directDelivery = CatalogueEntry(
      "direct-delivery", .zones, per: .zone, "Its interrupts arrive without the kernel",
      why:
        "An exit to the kernel on the way of an interrupt adds its length to every reaction, and what "
        + "the kernel does there to the worst one.",
      advice:
        "Look at the exits by reason (`hvlat analyze`). With a PLIC the kernel has to pass interrupts "
        + "on: bound that path, or use a board with an interrupt file for each zone.")

    package static let restart = CatalogueEntry(
      "restart", .zones, per: .zone, "It restarts from a pristine copy",
      why:
        "A zone that cannot be restarted alone takes the whole board down with it when it fails.",
      advice:
        "Restart it from zone0, or let it reset itself, and hand in the log: the kernel prints "
        + "`zone NAME started (restart N)`.")

    package static let attacker = CatalogueEntry(
      "beside-attacker", .zones, per: .zone, "A hostile neighbour does not reach it",
      why:
        "A neighbour that may run anything will one day do the worst it can; a real-time zone must not "
        + "notice.",
      advice: "Run it beside `attacker` (guests/README.md) for hours and hand in the log.")

    package static let latencyAlone = CatalogueEntry(
      "latency-alone", .zones, per: .zone, "Its latency without neighbours",
      why:
        "It is what the board itself costs, and what every run with neighbours is compared with.",
      advice: "Run it alone with --record for 100,000 samples at least; `hvlat analyze` shows them."
    )

    package static let latencyLoaded = CatalogueEntry(
      "latency-loaded", .zones, per: .zone, "Its latency beside load",
      why:
        "Zones share caches, buses and memory, which no kernel divides: the worst case is beside the "
        + "heaviest load, and can be many times that alone.",
      advice: "Run it beside the load that the product will have, and beside more; record with "
        + "--load TEXT that says what it was.")

    package static let all = [
      records, kernelLog, directDelivery, restart, attacker, latencyAlone, latencyLoaded,
    ]
  }
}
