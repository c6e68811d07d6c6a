import Reading

extension Inspection.Column {
  /// Whether its values are passwords, or what gives access as passwords do: no example of them is shown to anybody.
  ///
  /// ```
  /// userPassword, sambaNTPassword, unicodePwd, credentials.secretData          by the name
  /// {SSHA}Yq3…, {CRYPT}$6$…, $2b$12$…, $argon2id$…                             by what a hash begins with
  /// ```
  var isSecret: Bool {
    let name = name.lowercased()
    return Self.words.contains { name.contains($0) }
      || examples.contains { example in Self.schemes.contains { example.hasPrefix($0) } }
  }

  private static let words = [
    "password", "passwd", "pwd", "secret", "credential", "hash", "token", "privatekey", "apikey",
    "krbprincipalkey", "krb5key", "pkcs12",
  ]

  private static let schemes = [
    "{SSHA", "{SHA", "{SMD5", "{MD5", "{CRYPT", "{ARGON2", "{PBKDF2", "{BCRYPT", "{CLEARTEXT",
    "$1$",
    "$2a$", "$2b$", "$2y$", "$5$", "$6$", "$y$", "$argon2",
  ]
}
