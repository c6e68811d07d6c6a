import Crypto
import Foundation

@testable import Reporting

/// One page as a real browser sees it: what it made of the markup, said in its console, and fetched.
struct Browser {
  /// Nil where there is none; `Scripts/prerequisites` installs one where it may.
  static let path = OtherProgram.find(["chromium-headless-shell", "chromium", "google-chrome"])

  let dom: String
  /// Errors and messages of page and script.
  let console: [String]
  /// The addresses of all that was asked for but the page itself.
  let fetched: [String]

  /// Opens a page; nil where the browser cannot be started.
  ///
  /// `script` runs after the page's own, as a person's hands would; the page's policy is widened for it alone.
  init?(_ page: String, with script: String = "", width: Int = 1280) throws {
    guard let path = Self.path else { return nil }
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "rollcall-browser-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "page.html")
    try Data(Self.page(page, with: script).utf8).write(to: file)
    let log = folder.appending(path: "net.json")
    let answer = OtherProgram.run(
      path,
      [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--user-data-dir=\(folder.path)/profile", "--enable-logging=stderr",
        "--window-size=\(width),1000", "--log-net-log=\(log.path)",
        "--net-log-capture-mode=Everything", "--dump-dom",
      ] + ["file://\(file.path)"], errors: folder.appending(path: "errors"))
    guard let answer, answer.status == 0 else { return nil }
    dom = answer.output
    console = try String(contentsOf: folder.appending(path: "errors"), encoding: .utf8)
      .split(separator: "\n").map(String.init).filter { $0.contains("CONSOLE") }
    let network = try String(contentsOf: log, encoding: .utf8)
    fetched = network.matches(of: /"url":"([^"]*)"/).map { String($0.1) }
      .filter { $0 != "file://\(file.path)" }
  }

  /// What turns a printed page into text.
  static let textOfPDF = OtherProgram.find(["pdftotext"])

  /// The text of each sheet of paper that a page is printed on; nil where it cannot be printed.
  static func printed(_ page: String) throws -> [String]? {
    guard let path, let textOfPDF else { return nil }
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "rollcall-print-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (file, paper) = (folder.appending(path: "page.html"), folder.appending(path: "page.pdf"))
    try Data(page.utf8).write(to: file)
    let answer = OtherProgram.run(
      path,
      [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--user-data-dir=\(folder.path)/profile", "--no-pdf-header-footer",
        "--print-to-pdf=\(paper.path)", "file://\(file.path)",
      ])
    guard answer?.status == 0,
      let text = OtherProgram.run(textOfPDF, ["-layout", paper.path, "-"])
    else { return nil }
    return text.output.split(separator: "\u{c}").map(String.init)
  }

  private static func page(_ page: String, with script: String) -> String {
    guard !script.isEmpty else { return page }
    let hash = Data(SHA256.hash(data: Data(script.utf8))).base64EncodedString()
    return page.replacing("script-src '", with: "script-src 'sha256-\(hash)' '")
      .replacing("</body>", with: "<script>\(script)</script></body>")
  }
}
