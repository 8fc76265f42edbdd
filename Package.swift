// swift-tools-version: 6.3
import PackageDescription

/// The rules every Swift target of this package is compiled under.
///
/// Embedded mode is not chosen here: it comes from the toolset files in `Toolsets/`, so that the
/// same sources build as ordinary Swift on the host, where they are tested.
let strict: [SwiftSetting] = [
  .strictMemorySafety(),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("ExistentialAny"),
  .treatAllWarnings(as: .error),
  .treatWarning("EmbeddedRestrictions", as: .error),
]

/// The same for tools that never become part of an image: they may use what Embedded Swift lacks.
let strictHost = Array(strict.dropLast())

/// Tests use the Testing macros, whose expansions are not written for strict memory safety.
let tests: [SwiftSetting] = [.enableUpcomingFeature("ExistentialAny")]

let argumentParser: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")

let histogram: Target.Dependency = .product(name: "Histogram", package: "hdrhistogram-swift")

/// What the kernel of an architecture is made of. All are compiled for all: what is knowledge is tested
/// on the host, what is an instruction compiles only for the machine that has it.
let arch: [Target.Dependency] = [
  "ArchCommon", "ArchShims", "Bringup", "LatencyProbe", "RTPartition", "SepKernel",
]

let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")

let package = Package(
  name: "SeparationKernel",
  products: [
    .executable(name: "hv", targets: ["hv"]),
    .executable(name: "hvlat", targets: ["hvlat"]),
    .executable(name: "HypervisorImage", targets: ["HypervisorImage"]),
    .executable(name: "BringupImage", targets: ["BringupImage"]),
    .executable(name: "aarch32", targets: ["aarch32"]),
    .executable(name: "alarm", targets: ["alarm"]),
    .executable(name: "msi", targets: ["msi"]),
    .executable(name: "attacker", targets: ["attacker"]),
    .executable(name: "conformance", targets: ["conformance"]),
    .executable(name: "manager", targets: ["manager"]),
    .executable(name: "rt-control", targets: ["rt-control"]),
    .library(name: "LatencyFormats", targets: ["LatencyFormats"]),
    .library(name: "LatencyHistory", targets: ["LatencyHistory"]),
    .library(name: "LatencyProbe", targets: ["LatencyProbe"]),
    .library(name: "LatencyReport", targets: ["LatencyReport"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // The kernel, from the pure core outwards.
    .target(name: "LatencyProbe", swiftSettings: strict),
    .target(name: "SepKernel", dependencies: ["LatencyProbe"], swiftSettings: strict),
    .target(name: "RTPartition", dependencies: ["SepKernel"], swiftSettings: strict),
    .target(name: "ArchShims", path: "Sources/Arch/Shims"),
    // What the bring-up image makes of what it finds (docs/bringup.md); nothing of it is in the kernel.
    .target(name: "Bringup", swiftSettings: strict),
    .target(
      name: "ArchCommon", dependencies: ["Bringup", "SepKernel", "LatencyProbe", "ArchShims"],
      path: "Sources/Arch/Common", swiftSettings: strict),
    .target(
      name: "ArchAArch64", dependencies: arch, path: "Sources/Arch/AArch64", swiftSettings: strict),
    .target(
      name: "ArchRISCV64", dependencies: arch, path: "Sources/Arch/RISCV64", swiftSettings: strict),
    .target(name: "KernelEntry"),
    .executableTarget(
      name: "HypervisorImage",
      dependencies: [
        "ArchAArch64", "ArchRISCV64", "KernelEntry",
      ],
      swiftSettings: strict),
    .target(name: "BringupEntry"),
    .executableTarget(
      name: "BringupImage",
      dependencies: ["ArchAArch64", "ArchRISCV64", "BringupEntry", "KernelEntry"],
      swiftSettings: strict),

    // The C client of the stamp areas: header only, imported by the tests that compare it.
    .systemLibrary(name: "CHVStamps", path: "guests/include"),

    // Guests: bare metal; on the host their programs only say so.
    .target(name: "GuestEntry", path: "guests/support/entry"),
    .target(
      name: "GuestSupport", dependencies: ["GuestEntry"], path: "guests/support",
      exclude: ["entry"], swiftSettings: strict),
    .target(name: "AArch32Entry", path: "guests/aarch32/entry"),
    .executableTarget(
      name: "aarch32", dependencies: ["AArch32Entry"], path: "guests/aarch32", exclude: ["entry"],
      swiftSettings: strict),
    .executableTarget(
      name: "attacker", dependencies: ["GuestEntry", "GuestSupport"], path: "guests/attacker",
      swiftSettings: strict),
    .executableTarget(
      name: "alarm", dependencies: ["GuestEntry", "GuestSupport"], path: "guests/alarm",
      swiftSettings: strict),
    .executableTarget(
      name: "msi", dependencies: ["GuestEntry", "GuestSupport"], path: "guests/msi",
      swiftSettings: strict),
    .executableTarget(
      name: "conformance", dependencies: ["GuestEntry", "GuestSupport"], path: "guests/conformance",
      swiftSettings: strict),
    .executableTarget(
      name: "manager", dependencies: ["GuestEntry", "GuestSupport"], path: "guests/manager",
      swiftSettings: strict),
    .executableTarget(
      name: "rt-control", dependencies: ["GuestEntry", "GuestSupport", "LatencyProbe"],
      path: "guests/rt-control",
      swiftSettings: strict),

    // Host tools.
    .systemLibrary(name: "CElf", providers: [.apt(["libelf-dev"])]),
    .systemLibrary(name: "CFdt", providers: [.apt(["libfdt-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "Boards", dependencies: ["SepKernel"], swiftSettings: strict),
    .target(
      name: "ZoneLoader",
      dependencies: [
        "Boards", "LatencyProbe", "RTPartition", "SepKernel", "Workbench", "CElf", "CFdt", "CZlib",
        "Yams",
      ],
      swiftSettings: strict),
    .target(name: "Workbench", swiftSettings: strictHost),
    // What is known of a board, and what is still to be shown: knows neither files nor processes.
    .target(
      name: "Checklist",
      dependencies: ["Boards", "LatencyProbe", "LatencyReport", "SepKernel", "Workbench"],
      swiftSettings: strictHost),
    .executableTarget(
      name: "hv",
      dependencies: [
        "Boards", "Checklist", "LatencyProbe", "LatencyReport", "SepKernel", "Workbench",
        "ZoneLoader", argumentParser,
      ],
      swiftSettings: strictHost),
    // Numbers in, numbers out: knows nothing of records.
    .target(name: "LatencyStatistics", swiftSettings: strictHost),
    .target(
      name: "LatencyReport", dependencies: ["LatencyProbe", "LatencyStatistics"],
      swiftSettings: strict),
    .target(
      name: "LatencyFormats",
      dependencies: ["LatencyReport", "LatencyStatistics", "CZlib", histogram],
      swiftSettings: strictHost),
    .target(
      name: "LatencyHistory",
      dependencies: [
        "LatencyProbe", "LatencyReport", "LatencyStatistics", grdb,
      ], swiftSettings: strictHost),
    .executableTarget(
      name: "hvlat",
      dependencies: [
        "LatencyFormats", "LatencyHistory", "LatencyProbe", "LatencyReport", "LatencyStatistics",
        "Workbench",
        argumentParser,
      ],
      swiftSettings: strictHost),

    .target(
      name: "PlanTestSupport", dependencies: ["LatencyProbe", "RTPartition", "SepKernel"],
      path: "Tests/PlanTestSupport", swiftSettings: tests),
    .target(name: "ToolTestSupport", path: "Tests/ToolTestSupport", swiftSettings: tests),
    .testTarget(
      name: "SepKernelTests",
      dependencies: ["SepKernel", "RTPartition", "PlanTestSupport", "Workbench"],
      exclude: ["Fixtures"], swiftSettings: tests),
    .testTarget(
      name: "RTPartitionTests", dependencies: ["RTPartition", "SepKernel", "PlanTestSupport"],
      swiftSettings: tests),
    .testTarget(
      name: "ArchTests",
      dependencies: arch + ["ArchAArch64", "ArchRISCV64", "PlanTestSupport"],
      swiftSettings: tests),
    // Looks at the built kernel image (`make build`), not at its sources.
    .testTarget(name: "ImageTests", swiftSettings: tests),
    .testTarget(
      name: "LatencyProbeTests", dependencies: ["LatencyProbe", "CHVStamps"], swiftSettings: tests),
    .testTarget(
      name: "LatencyStatisticsTests", dependencies: ["LatencyStatistics"],
      exclude: ["Reference/generate.py"], resources: [.copy("Reference/expected.json")],
      swiftSettings: tests),
    .testTarget(
      name: "LatencyReportTests",
      dependencies: [
        "LatencyReport", "LatencyProbe", "LatencyStatistics", "PlanTestSupport", "ToolTestSupport",
        "hvlat",
      ],
      swiftSettings: tests),
    // What a browser makes of reports, and what they say.
    .testTarget(
      name: "LatencyPageTests",
      dependencies: ["LatencyReport", "LatencyProbe", "LatencyStatistics", "ToolTestSupport"],
      swiftSettings: tests),
    .testTarget(
      name: "LatencyHistoryTests",
      dependencies: [
        "LatencyHistory", "LatencyProbe", "LatencyReport", "LatencyStatistics", "PlanTestSupport",
        "ToolTestSupport", "hvlat", "Yams", grdb,
      ], swiftSettings: tests),
    .testTarget(
      name: "LatencyFormatsTests",
      dependencies: [
        "LatencyFormats", "LatencyProbe", "LatencyReport", "PlanTestSupport", "ToolTestSupport",
        "hvlat",
        // An independent implementation to compare bins with.
        histogram,
      ],
      swiftSettings: tests),
    .testTarget(
      name: "ZoneLoaderTests",
      dependencies: ["ZoneLoader", "Boards", "PlanTestSupport", "SepKernel"],
      swiftSettings: tests),
    .testTarget(
      name: "ChecklistTests",
      dependencies: [
        "Boards", "Checklist", "LatencyProbe", "LatencyReport", "PlanTestSupport", "SepKernel",
        "ToolTestSupport", "Workbench", "hv",
      ], resources: [.copy("Fixtures")], swiftSettings: tests),
    .testTarget(
      name: "BringupTests", dependencies: ["Bringup", "LatencyProbe"], swiftSettings: tests),
    .testTarget(name: "BaselineTests", dependencies: ["SepKernel"], swiftSettings: tests),
    .testTarget(
      name: "SystemTests",
      dependencies: ["Boards", "Checklist", "LatencyProbe", "SepKernel", "ZoneLoader"],
      swiftSettings: tests),
    .testTarget(
      name: "WorkbenchTests",
      dependencies: ["Workbench", "PlanTestSupport", "ToolTestSupport", "hv"],
      resources: [.copy("Fixtures")],
      swiftSettings: tests),
  ]
)
