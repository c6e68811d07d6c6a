import Testing

/// The folder list is the data flow: what a target may import stands in Package.swift, and only there.
struct ImportTests {
  private let checkout = Checkout.this
  private let manifest: Manifest

  init() throws {
    manifest = Manifest(try Checkout.this.text(of: "Package.swift"))
  }

  @Test func theManifestListsTheStages() {
    #expect(manifest.stages.count >= 10, "the stage(…) lines of Package.swift were not understood")
    #expect(manifest.stages.contains { $0.name == "Planning" && $0.imports.contains("Matching") })
  }

  @Test func everyFolderOfSourcesIsATarget() {
    let folders = Set(checkout.sources.map(\.module))
    #expect(folders.subtracting(manifest.targets.map(\.name)).isEmpty)
  }

  @Test func stagesImportOnlyWhatStandsAboveThem() {
    var above: Set = ["CScanning", "CLibXML2", "CZlib", "CCurl"]
    for stage in manifest.stages {
      let wrong = Set(stage.imports).subtracting(above)
      #expect(wrong.isEmpty, "\(stage.name) imports \(wrong), which stands below it")
      above.insert(stage.name)
    }
  }

  @Test func sourcesImportOnlyWhatTheirTargetDeclares() {
    let names = Set(manifest.targets.map(\.name))
    for target in manifest.targets {
      let declared = Set(target.imports)
      for file in checkout.sources(of: target.name) {
        let undeclared = Set(file.imports).intersection(names).subtracting(declared)
        #expect(undeclared.isEmpty, "\(file.path) imports \(undeclared)")
      }
    }
  }

  @Test(arguments: ["Scanning", "Identity", "Mapping", "Matching", "Planning"])
  func theHotPathDoesNotImportFoundation(module: String) {
    for file in checkout.sources(of: module) {
      let found = file.imports.filter { $0.hasPrefix("Foundation") }
      #expect(found.isEmpty, "\(file.path) imports \(found)")
    }
  }

  @Test func applyingAndReportingDoNotKnowEachOther() {
    for (module, other) in [("Applying", "Reporting"), ("Reporting", "Applying")] {
      for file in checkout.sources(of: module) {
        #expect(!file.imports.contains(other), "\(file.path) imports \(other)")
      }
    }
  }
}
