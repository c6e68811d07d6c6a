import Glibc

/// The files an export's path stands for, in the order in which they are read.
package enum ExportPaths {
  /// Expands `*`, `?` and `[…]`; a path without them is itself, whether or not the file is there.
  ///
  /// Matches are ordered by their bytes, so that `users-1.csv` comes before `users-2.csv` on every
  /// machine and in every locale.
  package static func files(for path: String) -> [String] {
    guard isPattern(path) else {
      return exists(path) ? [path] : []
    }
    var found = unsafe glob_t()
    defer { unsafe globfree(&found) }
    // SAFETY: `found` is initialised, filled by glob and freed once; its paths are copied out.
    guard unsafe glob(path, GLOB_NOSORT, nil, &found) == 0 else { return [] }
    var paths: [String] = []
    for index in 0..<Int(unsafe found.gl_pathc) {
      if let text = unsafe found.gl_pathv[index] { paths.append(unsafe String(cString: text)) }
    }
    return paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  static func isPattern(_ path: String) -> Bool {
    path.contains { "*?[".contains($0) }
  }

  /// Whether a name is one that a pattern stands for.
  static func fits(_ name: String, _ pattern: String) -> Bool {
    unsafe fnmatch(pattern, name, FNM_PERIOD) == 0
  }

  private static func exists(_ path: String) -> Bool {
    unsafe path == "-" || access(path, F_OK) == 0
  }
}
