/// Whose small and capital letters are meant.
///
/// ```
///            i → I, I → i    İ → small   ı → capital
/// none       yes             İ           ı              .NET's invariant culture leaves both as they are
/// plain      yes             i           I              en-US, de-DE …
/// turkic     i → İ, I → ı    i           I              tr-TR, az-…
/// ```
enum LetterCulture: Int {
  case none = -1
  case plain = 0
  case turkic = 1

  /// The languages of two letters (ISO 639-1).
  private static let languages = Set(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en \
    eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv \
    ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne \
    ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st \
    su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    """.split(separator: " "))

  /// `en`, `en-US`, `sr-Latn-RS`; nil for what names no culture.
  init?(named name: String) {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    let language = parts[0].lowercased()
    let isLanguage =
      Self.languages.contains(Substring(language))
      || language.utf8.count == 3 && language.utf8.allSatisfy(\.isLetter)
    guard isLanguage, parts.count <= 3,
      parts.dropFirst().allSatisfy({ part in
        switch part.utf8.count {
        case 2, 4: part.utf8.allSatisfy(\.isLetter)
        case 3: part.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        default: false
        }
      })
    else { return nil }
    self = language == "tr" || language == "az" ? .turkic : .plain
  }

  /// One letter for one, as .NET maps them: ß has no capital, and ﬁ is one letter.
  func mapped(_ scalar: Unicode.Scalar, isUpper: Bool) -> Unicode.Scalar {
    switch (scalar, self, isUpper) {
    case ("i", .turkic, true): "İ"
    case ("I", .turkic, false): "ı"
    case ("İ", .none, false), ("ı", .none, true): scalar
    case ("İ", _, false): "i"
    default: isUpper ? scalar.simpleCapital : scalar.properties.lowercaseMapping.one ?? scalar
    }
  }

  /// The letter that begins a word, which is not always a capital: ǆ is ǅ.
  func beginning(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    scalar == "ı" ? mapped(scalar, isUpper: true) : scalar.properties.titlecaseMapping.one ?? scalar
  }
}

extension Unicode.Scalar {
  /// ᾳ has two letters for its capital where text is written, and one where letters are mapped one by one.
  fileprivate var simpleCapital: Unicode.Scalar {
    properties.uppercaseMapping.one ?? properties.titlecaseMapping.one ?? self
  }
}

extension String {
  /// Its only scalar; nil where there are more.
  fileprivate var one: Unicode.Scalar? {
    unicodeScalars.count == 1 ? unicodeScalars.first : nil
  }
}

extension UInt8 {
  fileprivate var isLetter: Bool { (self | 0x20) &- UInt8(ascii: "a") < 26 }
}
