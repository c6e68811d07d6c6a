// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

/// A stage and its tests.
///
/// The list of imports is the architecture; `ShapeTests` reads it from here.
func stage(
  _ name: String, imports: [String], libraries: [Target.Dependency] = []
) -> [Target] {
  let dependencies = imports.map { Target.Dependency(stringLiteral: $0) } + libraries
  return [
    .target(name: name, dependencies: dependencies, swiftSettings: strict),
    .testTarget(
      name: "\(name)Tests",
      dependencies: [.target(name: name), "TestSupport", "Spawning"] + dependencies,
      swiftSettings: strict),
  ]
}

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

// The fuzzer brings a `main` of its own, and `-sanitize=fuzzer` instruments all that is built with it: these
// targets are there for `make fuzz` alone.
let fuzzing: [Target] =
  Context.environment["FUZZING"] == nil
  ? []
  : [
    .executableTarget(
      name: "rollcall-fuzz",
      dependencies: ["Identity", "PlanFile", "Reading", "Mapping", crypto],
      swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])])
  ]

let package = Package(
  name: "rollcall",
  products: [
    .executable(name: "rollcall", targets: ["rollcall"]),
    .executable(name: "rollcall-bench", targets: ["rollcall-bench"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // Masks of 64-byte blocks; C because Swift has no stable movemask, nor a choice of instructions at run time.
    .target(name: "CScanning", dependencies: ["CLibXML2"]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib",
      providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(
      name: "CLibXML2", pkgConfig: "libxml-2.0",
      providers: [.apt(["libxml2-dev"]), .brew(["libxml2"])]),
  ]
    // read → map → match → plan → apply / report: values move down this list.
    + stage("Scanning", imports: ["CScanning", "CZlib", "CLibXML2"])
    + stage("Identity", imports: ["Scanning"], libraries: [crypto])
    + stage("PlanFile", imports: ["Scanning", "Identity"], libraries: [crypto])
    + stage("Reading", imports: ["Scanning", "Identity"], libraries: [crypto])
    + stage("Mapping", imports: ["Scanning", "Identity"])
    + stage("Matching", imports: ["Scanning", "Identity"])
    + stage("Planning", imports: ["Scanning", "Identity", "Matching", "PlanFile"])
    + stage(
      "Storing", imports: ["Scanning", "Identity", "PlanFile"], libraries: [crypto, grdb, sqlite])
    + stage("Applying", imports: ["Scanning", "Identity", "PlanFile", "Storing"])
    + stage(
      "Reporting", imports: ["Scanning", "Identity", "PlanFile"], libraries: [crypto, mustache])
    + stage(
      "Reconciling",
      imports: [
        "Scanning", "Identity", "PlanFile", "Reading", "Mapping", "Matching", "Planning",
        "Storing", "Applying", "Reporting",
      ],
      libraries: [crypto, logging, yams])
    + [
      .target(
        name: "RollcallCommands",
        dependencies: [
          "Scanning", "Identity", "PlanFile", "Reading", "Mapping", "Storing", "Applying",
          "Reporting", "Reconciling", argumentParser, logging,
        ],
        swiftSettings: strict),
      .executableTarget(
        name: "rollcall", dependencies: ["RollcallCommands"], swiftSettings: strict),
      .executableTarget(
        name: "rollcall-bench", dependencies: ["Scanning", "Identity", "Reading", argumentParser],
        swiftSettings: strict),

      // Apart from TestSupport: C beside both Foundation and libxml2 makes the importer see ICU twice.
      .target(name: "CSpawning", path: "Tests/CSpawning"),
      .target(
        name: "Spawning", dependencies: ["CSpawning"], path: "Tests/Spawning", swiftSettings: strict
      ),
      .target(
        name: "TestSupport", dependencies: ["CZlib", "Scanning", "Identity", "PlanFile"],
        path: "Tests/TestSupport",
        swiftSettings: strict),
      .testTarget(
        name: "CommandTests",
        dependencies: [
          "Identity", "PlanFile", "Reporting", "Reconciling", "RollcallCommands", "TestSupport",
          "Spawning", "rollcall",
        ],
        swiftSettings: strict),
      .testTarget(name: "ShapeTests", dependencies: ["TestSupport"], swiftSettings: strict),
    ] + fuzzing
)
