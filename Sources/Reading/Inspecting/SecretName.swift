/// Names of columns whose values must not be shown to anybody who only asks what is in a file.
///
/// ```
/// credentials.secretData      Keycloak: hashed passwords and seeds of one-time codes
/// userPassword, unicodePwd    directories
/// pwdLastSet                  no secret, but told by the same words; nobody misses its examples
/// ```
enum SecretName {
  /// What such names have in them, in lower case.
  private static let words = [
    "password", "passwd", "pwd", "passphrase", "secret", "credential", "privatekey", "private_key",
    "apikey", "api_key", "token", "totp", "nthash", "lmhash", "krbprincipalkey", "recoverykey",
    "recoverycode",
  ]

  /// Whether a name, in any case, is one of them.
  static func isOne(_ name: String) -> Bool {
    let folded = name.lowercased()
    return words.contains { folded.contains($0) }
  }
}
