import Crypto

/// What a state is given once, when it is created: who it is and its two secrets.
struct StateOrigin: Sendable {
  /// 32 hexadecimal digits; part of every id and every plan made from this state.
  let lineage: String
  let fingerprintSecret: [UInt8]
  let sealSecret: [UInt8]

  static func random() -> StateOrigin {
    StateOrigin(
      lineage: Hexadecimal.text(of: SystemCalls.randomBytes(16)),
      fingerprintSecret: SystemCalls.randomBytes(32),
      sealSecret: SystemCalls.randomBytes(32))
  }

  /// The head of a journal without runs.
  var firstHead: String {
    Hexadecimal.text(of: Array(SHA256.hash(data: Array("rollcall journal \(lineage)".utf8))))
  }

  func write(to connection: SQLConnection) throws(StoreFailure) {
    let insert = try connection.statement("INSERT INTO setting VALUES (?, ?)")
    for (name, text) in [
      ("lineage", lineage), ("journal head", firstHead), ("index basis", IndexBasis.none.text),
    ] {
      try insert.bind(name, at: 1).bind(text, at: 2).run()
    }
    for (name, number) in [("change", 0), ("next member", 1), ("next team", 1)] {
      try insert.bind(name, at: 1).bind(number, at: 2).run()
    }
    for (name, secret) in [
      ("secret fingerprints", fingerprintSecret), ("secret seal", sealSecret),
    ] {
      try insert.bind(name, at: 1).bind(secret, at: 2).run()
    }
  }

  static func read(from connection: SQLConnection) throws(StoreFailure) -> StateOrigin {
    let setting = Settings(connection)
    return StateOrigin(
      lineage: try setting.text("lineage"),
      fingerprintSecret: try setting.bytes("secret fingerprints"),
      sealSecret: try setting.bytes("secret seal"))
  }
}

/// Named values of a state that are one of a kind.
struct Settings {
  private let connection: SQLConnection

  init(_ connection: SQLConnection) {
    self.connection = connection
  }

  func text(_ name: String) throws(StoreFailure) -> String {
    String(decoding: try bytes(name), as: UTF8.self)
  }

  func bytes(_ name: String) throws(StoreFailure) -> [UInt8] {
    try value(name) { $0.bytes(0) }
  }

  func integer(_ name: String) throws(StoreFailure) -> Int {
    try value(name) { $0.integer(0) }
  }

  func set(_ name: String, to value: String) throws(StoreFailure) {
    try connection.statement("UPDATE setting SET value = ? WHERE name = ?")
      .bind(value, at: 1).bind(name, at: 2).run()
  }

  func set(_ name: String, to value: Int) throws(StoreFailure) {
    try connection.statement("UPDATE setting SET value = ? WHERE name = ?")
      .bind(value, at: 1).bind(name, at: 2).run()
  }

  private func value<T>(_ name: String, _ read: (SQLStatement) -> T) throws(StoreFailure) -> T {
    let statement = try connection.statement("SELECT value FROM setting WHERE name = ?")
    guard let value = try statement.bind(name, at: 1).first({ read($0) }) else {
      throw StoreFailure(.corrupt(detail: "setting “\(name)” is missing"), path: connection.path)
    }
    return value
  }
}

/// Bytes as lower-case hexadecimal digits.
enum Hexadecimal {
  static func text(of bytes: some Collection<UInt8>) -> String {
    var digits: [UInt8] = []
    digits.reserveCapacity(bytes.count * 2)
    for byte in bytes {
      digits.append(digit(byte >> 4))
      digits.append(digit(byte & 15))
    }
    return String(decoding: digits, as: UTF8.self)
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}
