/// Names of columns whose values must not be shown to anybody who only asks what is in a file.
///
/// ```
/// credentials.secretData      Keycloak: hashed passwords and seeds of one-time codes
/// userPassword, unicodePwd    directories
/// {SSHA}Yq3…, $2b$12$…        under any name: a hash, by what it begins with
/// pwdLastSet                  no secret, but told by the same words; nobody misses its examples
/// ```
enum SecretName {
  /// What such names have in them, in lower case.
  private static let words = [
    "password", "passwd", "pwd", "passphrase", "secret", "credential", "privatekey", "private_key",
    "apikey", "api_key", "token", "totp", "nthash", "lmhash", "krbprincipalkey", "recoverykey",
    "recoverycode", "krb5key", "pkcs12",
  ]

  /// How hashes of passwords begin (RFC 2307 and its successors, crypt(5)).
  private static let schemes = [
    "{SSHA", "{SHA", "{SMD5", "{MD5", "{CRYPT", "{ARGON2", "{PBKDF2", "{BCRYPT", "{CLEARTEXT",
    "$1$", "$2a$", "$2b$", "$2y$", "$5$", "$6$", "$y$", "$argon2",
  ]

  /// Whether a name, in any case, is one of them, or some of its values are hashes.
  static func isOne(_ name: String, values: [String]) -> Bool {
    let folded = name.lowercased()
    return words.contains { folded.contains($0) }
      || values.contains { value in
        schemes.contains { value.uppercased().hasPrefix($0.uppercased()) }
      }
  }
}
