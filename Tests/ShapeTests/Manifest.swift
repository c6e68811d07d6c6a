/// The targets of Package.swift and what each may import: the architecture, read from where it is.
struct Manifest {
  struct Stage {
    let name: String
    let imports: [String]
  }

  /// The `stage(…)` lines in their order: read → map → match → plan → apply / report.
  let stages: [Stage]
  /// The other targets, tests apart.
  let others: [Stage]

  init(_ text: String) {
    let stagePattern = #/stage\(\s*"([\w-]+)",\s*imports:\s*\[([^\]]*)\]/#
    stages = text.matches(of: stagePattern).map {
      Stage(name: String($0.1), imports: Self.quotedNames(in: $0.2))
    }
    let targetPattern =
      #/\.(?:target|executableTarget)\(\s*name:\s*"([\w-]+)"(?:,\s*dependencies:\s*\[([^\]]*)\])?/#
    others = text.matches(of: targetPattern).map {
      Stage(name: String($0.1), imports: $0.2.map(Self.quotedNames) ?? [])
    }
  }

  var targets: [Stage] { stages + others }

  private static func quotedNames(in list: Substring) -> [String] {
    list.matches(of: #/"([\w-]+)"/#).map { String($0.1) }
  }
}
