import Crypto
import Foundation
import Identity
import Mustache
package import PlanFile

/// One self-contained page for auditors: no script, nothing fetched, nothing that data can break.
///
/// The page's Content-Security-Policy allows exactly its own style sheet, by hash, and nothing else. Text
/// from data is made visible (`VisibleText`) and escaped (`HTMLText`), so that the elements of the page
/// are the same whatever the names in it are.
package struct HTMLReport: Sendable {
  /// Up to so many operations are shown one by one.
  package static let operationLimit = 5_000
  /// Of larger plans, so many of each kind.
  package static let sampleSize = 200

  private let planFile: String
  private let companions: [String]
  private let jobOptions: String

  /// `companions` are the names of the reports beside this one that have every operation; the commands to
  /// run next end in `jobOptions`.
  package init(planFile: String?, companions: [String] = [], jobOptions: String = "") {
    self.planFile = planFile ?? "PLAN"
    self.companions = companions
    self.jobOptions = jobOptions
  }

  package func write<Failure: Error>(
    _ source: ReportSource, to output: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    let page = HTMLPage(
      source, planFile: planFile, companions: companions, jobOptions: jobOptions)
    try output(Array(Self.template.render(page).utf8))
  }

  private static let template: MustacheTemplate = {
    MustacheContentTypes.register(HTMLText(), named: "ESCAPED")
    do {
      return try MustacheTemplate(string: HTMLPage.template)
    } catch {
      preconditionFailure("the page's own template does not parse: \(error)")
    }
  }()

  /// What the policy must name for the inline style to be used (CSP Level 3 §2.3.1, `hash-source`).
  static let styleHash =
    "sha256-"
    + Data(SHA256.hash(data: Data(HTMLPage.style.utf8)))
    .base64EncodedString()
}
