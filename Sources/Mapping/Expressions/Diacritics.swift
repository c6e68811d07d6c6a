/// Letters without their accents, as `NormalizeDiacritics` has them.
///
/// ```
/// José García-López → Jose Garcia-Lopez      Øre → OEre      Straße → Strasse
/// ```
///
/// Entra documents 261 Latin letters, which are those of this table and the combining accents; the rest of it follows
/// the same rule (canonical decomposition, marks dropped) for the other Latin, Greek and Cyrillic letters. Marks of
/// other scripts are part of how a word is spelt and stay.
enum Diacritics {
  /// Nothing for a combining accent.
  static func plain(_ scalar: Unicode.Scalar) -> String {
    if scalar.isASCII { return String(scalar) }
    if isAccent(scalar) { return "" }
    return letters[scalar] ?? String(scalar)
  }

  /// The blocks of combining accents of the Unicode standard.
  private static func isAccent(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x300...0x36F, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x20D0...0x20FF, 0xFE20...0xFE2F: true
    default: false
    }
  }

  private static let letters: [Unicode.Scalar: String] = {
    var letters: [Unicode.Scalar: String] = [:]
    for (plain, accented) in table {
      for scalar in accented.unicodeScalars { letters[scalar] = plain }
    }
    return letters
  }()

  /// Written as code points, for an editor might compose or decompose the letters themselves.
  private static let table: [(plain: String, accented: String)] = [
    (
      "A",
      "\u{C0}\u{C1}\u{C2}\u{C3}\u{C4}\u{C5}\u{100}\u{102}\u{104}\u{1CD}\u{1DE}\u{1E0}"
        + "\u{1FA}\u{200}\u{202}\u{226}\u{1E00}\u{1EA0}\u{1EA2}\u{1EA4}\u{1EA6}\u{1EA8}"
        + "\u{1EAA}\u{1EAC}\u{1EAE}\u{1EB0}\u{1EB2}\u{1EB4}\u{1EB6}"
    ),
    ("AE", "\u{C6}\u{1FC}\u{1E2}"),
    ("B", "\u{1E02}\u{1E04}\u{1E06}"),
    ("C", "\u{C7}\u{106}\u{108}\u{10A}\u{10C}\u{1E08}"),
    ("D", "\u{10E}\u{1E0A}\u{1E0C}\u{1E0E}\u{1E10}\u{1E12}"),
    (
      "E",
      "\u{C8}\u{C9}\u{CA}\u{CB}\u{112}\u{114}\u{116}\u{118}\u{11A}\u{204}\u{206}\u{228}"
        + "\u{1E14}\u{1E16}\u{1E18}\u{1E1A}\u{1E1C}\u{1EB8}\u{1EBA}\u{1EBC}\u{1EBE}\u{1EC0}"
        + "\u{1EC2}\u{1EC4}\u{1EC6}"
    ),
    ("F", "\u{1E1E}"),
    ("G", "\u{11C}\u{11E}\u{120}\u{122}\u{1E6}\u{1F4}\u{1E20}"),
    ("H", "\u{124}\u{21E}\u{1E22}\u{1E24}\u{1E26}\u{1E28}\u{1E2A}"),
    (
      "I",
      "\u{CC}\u{CD}\u{CE}\u{CF}\u{128}\u{12A}\u{12C}\u{12E}\u{130}\u{1CF}\u{208}\u{20A}"
        + "\u{1E2C}\u{1E2E}\u{1EC8}\u{1ECA}"
    ),
    ("J", "\u{134}"),
    ("K", "\u{136}\u{1E8}\u{1E30}\u{1E32}\u{1E34}"),
    ("L", "\u{139}\u{13B}\u{13D}\u{1E36}\u{1E38}\u{1E3A}\u{1E3C}\u{141}"),
    ("M", "\u{1E3E}\u{1E40}\u{1E42}"),
    ("N", "\u{D1}\u{143}\u{145}\u{147}\u{1F8}\u{1E44}\u{1E46}\u{1E48}\u{1E4A}"),
    (
      "O",
      "\u{D2}\u{D3}\u{D4}\u{D5}\u{D6}\u{14C}\u{14E}\u{150}\u{1A0}\u{1D1}\u{1EA}\u{1EC}"
        + "\u{20C}\u{20E}\u{22A}\u{22C}\u{22E}\u{230}\u{1E4C}\u{1E4E}\u{1E50}\u{1E52}"
        + "\u{1ECC}\u{1ECE}\u{1ED0}\u{1ED2}\u{1ED4}\u{1ED6}\u{1ED8}\u{1EDA}\u{1EDC}\u{1EDE}"
        + "\u{1EE0}\u{1EE2}"
    ),
    ("OE", "\u{D8}\u{1FE}\u{152}"),
    ("P", "\u{1E54}\u{1E56}"),
    ("R", "\u{154}\u{156}\u{158}\u{210}\u{212}\u{1E58}\u{1E5A}\u{1E5C}\u{1E5E}"),
    ("S", "\u{15A}\u{15C}\u{15E}\u{160}\u{218}\u{1E60}\u{1E62}\u{1E64}\u{1E66}\u{1E68}"),
    ("SS", "\u{1E9E}"),
    ("T", "\u{162}\u{164}\u{21A}\u{1E6A}\u{1E6C}\u{1E6E}\u{1E70}"),
    (
      "U",
      "\u{D9}\u{DA}\u{DB}\u{DC}\u{168}\u{16A}\u{16C}\u{16E}\u{170}\u{172}\u{1AF}\u{1D3}"
        + "\u{1D5}\u{1D7}\u{1D9}\u{1DB}\u{214}\u{216}\u{1E72}\u{1E74}\u{1E76}\u{1E78}"
        + "\u{1E7A}\u{1EE4}\u{1EE6}\u{1EE8}\u{1EEA}\u{1EEC}\u{1EEE}\u{1EF0}"
    ),
    ("V", "\u{1E7C}\u{1E7E}"),
    ("W", "\u{174}\u{1E80}\u{1E82}\u{1E84}\u{1E86}\u{1E88}"),
    ("X", "\u{1E8A}\u{1E8C}"),
    ("Y", "\u{DD}\u{176}\u{178}\u{232}\u{1E8E}\u{1EF2}\u{1EF4}\u{1EF6}\u{1EF8}"),
    ("Z", "\u{179}\u{17B}\u{17D}\u{1E90}\u{1E92}\u{1E94}"),
    ("`", "\u{1FEF}"),
    (
      "a",
      "\u{E0}\u{E1}\u{E2}\u{E3}\u{E4}\u{E5}\u{101}\u{103}\u{105}\u{1CE}\u{1DF}\u{1E1}"
        + "\u{1FB}\u{201}\u{203}\u{227}\u{1E01}\u{1EA1}\u{1EA3}\u{1EA5}\u{1EA7}\u{1EA9}"
        + "\u{1EAB}\u{1EAD}\u{1EAF}\u{1EB1}\u{1EB3}\u{1EB5}\u{1EB7}"
    ),
    ("ae", "\u{E6}\u{1FD}\u{1E3}"),
    ("b", "\u{1E03}\u{1E05}\u{1E07}"),
    ("c", "\u{E7}\u{107}\u{109}\u{10B}\u{10D}\u{1E09}"),
    ("d", "\u{10F}\u{1E0B}\u{1E0D}\u{1E0F}\u{1E11}\u{1E13}"),
    (
      "e",
      "\u{E8}\u{E9}\u{EA}\u{EB}\u{113}\u{115}\u{117}\u{119}\u{11B}\u{205}\u{207}\u{229}"
        + "\u{1E15}\u{1E17}\u{1E19}\u{1E1B}\u{1E1D}\u{1EB9}\u{1EBB}\u{1EBD}\u{1EBF}\u{1EC1}"
        + "\u{1EC3}\u{1EC5}\u{1EC7}"
    ),
    ("f", "\u{1E1F}"),
    ("g", "\u{11D}\u{11F}\u{121}\u{123}\u{1E7}\u{1F5}\u{1E21}"),
    ("h", "\u{125}\u{21F}\u{1E23}\u{1E25}\u{1E27}\u{1E29}\u{1E2B}\u{1E96}"),
    (
      "i",
      "\u{EC}\u{ED}\u{EE}\u{EF}\u{129}\u{12B}\u{12D}\u{12F}\u{1D0}\u{209}\u{20B}"
        + "\u{1E2D}\u{1E2F}\u{1EC9}\u{1ECB}\u{131}"
    ),
    ("j", "\u{135}\u{1F0}"),
    ("k", "\u{137}\u{1E9}\u{1E31}\u{1E33}\u{1E35}"),
    ("l", "\u{13A}\u{13C}\u{13E}\u{1E37}\u{1E39}\u{1E3B}\u{1E3D}\u{142}"),
    ("m", "\u{1E3F}\u{1E41}\u{1E43}"),
    ("n", "\u{F1}\u{144}\u{146}\u{148}\u{1F9}\u{1E45}\u{1E47}\u{1E49}\u{1E4B}"),
    (
      "o",
      "\u{F2}\u{F3}\u{F4}\u{F5}\u{F6}\u{14D}\u{14F}\u{151}\u{1A1}\u{1D2}\u{1EB}\u{1ED}"
        + "\u{20D}\u{20F}\u{22B}\u{22D}\u{22F}\u{231}\u{1E4D}\u{1E4F}\u{1E51}\u{1E53}"
        + "\u{1ECD}\u{1ECF}\u{1ED1}\u{1ED3}\u{1ED5}\u{1ED7}\u{1ED9}\u{1EDB}\u{1EDD}\u{1EDF}"
        + "\u{1EE1}\u{1EE3}"
    ),
    ("oe", "\u{F8}\u{1FF}\u{153}"),
    ("p", "\u{1E55}\u{1E57}"),
    ("r", "\u{155}\u{157}\u{159}\u{211}\u{213}\u{1E59}\u{1E5B}\u{1E5D}\u{1E5F}"),
    ("s", "\u{15B}\u{15D}\u{15F}\u{161}\u{219}\u{1E61}\u{1E63}\u{1E65}\u{1E67}\u{1E69}"),
    ("ss", "\u{DF}"),
    ("t", "\u{163}\u{165}\u{21B}\u{1E6B}\u{1E6D}\u{1E6F}\u{1E71}\u{1E97}"),
    (
      "u",
      "\u{F9}\u{FA}\u{FB}\u{FC}\u{169}\u{16B}\u{16D}\u{16F}\u{171}\u{173}\u{1B0}\u{1D4}"
        + "\u{1D6}\u{1D8}\u{1DA}\u{1DC}\u{215}\u{217}\u{1E73}\u{1E75}\u{1E77}\u{1E79}"
        + "\u{1E7B}\u{1EE5}\u{1EE7}\u{1EE9}\u{1EEB}\u{1EED}\u{1EEF}\u{1EF1}"
    ),
    ("v", "\u{1E7D}\u{1E7F}"),
    ("w", "\u{175}\u{1E81}\u{1E83}\u{1E85}\u{1E87}\u{1E89}\u{1E98}"),
    ("x", "\u{1E8B}\u{1E8D}"),
    ("y", "\u{FD}\u{FF}\u{177}\u{233}\u{1E8F}\u{1E99}\u{1EF3}\u{1EF5}\u{1EF7}\u{1EF9}"),
    ("z", "\u{17A}\u{17C}\u{17E}\u{1E91}\u{1E93}\u{1E95}"),
    ("¨", "\u{1FC1}\u{1FED}\u{1FEE}"),
    ("´", "\u{1FFD}"),
    ("·", "\u{387}"),
    ("ſ", "\u{1E9B}"),
    ("Ʒ", "\u{1EE}"),
    ("ʒ", "\u{1EF}"),
    (
      "Α",
      "\u{386}\u{1F08}\u{1F09}\u{1F0A}\u{1F0B}\u{1F0C}\u{1F0D}\u{1F0E}\u{1F0F}\u{1F88}"
        + "\u{1F89}\u{1F8A}\u{1F8B}\u{1F8C}\u{1F8D}\u{1F8E}\u{1F8F}\u{1FB8}\u{1FB9}\u{1FBA}"
        + "\u{1FBB}\u{1FBC}"
    ),
    ("Ε", "\u{388}\u{1F18}\u{1F19}\u{1F1A}\u{1F1B}\u{1F1C}\u{1F1D}\u{1FC8}\u{1FC9}"),
    (
      "Η",
      "\u{389}\u{1F28}\u{1F29}\u{1F2A}\u{1F2B}\u{1F2C}\u{1F2D}\u{1F2E}\u{1F2F}\u{1F98}"
        + "\u{1F99}\u{1F9A}\u{1F9B}\u{1F9C}\u{1F9D}\u{1F9E}\u{1F9F}\u{1FCA}\u{1FCB}\u{1FCC}"
    ),
    (
      "Ι",
      "\u{38A}\u{3AA}\u{1F38}\u{1F39}\u{1F3A}\u{1F3B}\u{1F3C}\u{1F3D}\u{1F3E}\u{1F3F}"
        + "\u{1FD8}\u{1FD9}\u{1FDA}\u{1FDB}"
    ),
    ("Ο", "\u{38C}\u{1F48}\u{1F49}\u{1F4A}\u{1F4B}\u{1F4C}\u{1F4D}\u{1FF8}\u{1FF9}"),
    ("Ρ", "\u{1FEC}"),
    ("Υ", "\u{38E}\u{3AB}\u{1F59}\u{1F5B}\u{1F5D}\u{1F5F}\u{1FE8}\u{1FE9}\u{1FEA}\u{1FEB}"),
    (
      "Ω",
      "\u{38F}\u{1F68}\u{1F69}\u{1F6A}\u{1F6B}\u{1F6C}\u{1F6D}\u{1F6E}\u{1F6F}\u{1FA8}"
        + "\u{1FA9}\u{1FAA}\u{1FAB}\u{1FAC}\u{1FAD}\u{1FAE}\u{1FAF}\u{1FFA}\u{1FFB}\u{1FFC}"
    ),
    (
      "α",
      "\u{3AC}\u{1F00}\u{1F01}\u{1F02}\u{1F03}\u{1F04}\u{1F05}\u{1F06}\u{1F07}\u{1F70}"
        + "\u{1F71}\u{1F80}\u{1F81}\u{1F82}\u{1F83}\u{1F84}\u{1F85}\u{1F86}\u{1F87}\u{1FB0}"
        + "\u{1FB1}\u{1FB2}\u{1FB3}\u{1FB4}\u{1FB6}\u{1FB7}"
    ),
    ("ε", "\u{3AD}\u{1F10}\u{1F11}\u{1F12}\u{1F13}\u{1F14}\u{1F15}\u{1F72}\u{1F73}"),
    (
      "η",
      "\u{3AE}\u{1F20}\u{1F21}\u{1F22}\u{1F23}\u{1F24}\u{1F25}\u{1F26}\u{1F27}\u{1F74}"
        + "\u{1F75}\u{1F90}\u{1F91}\u{1F92}\u{1F93}\u{1F94}\u{1F95}\u{1F96}\u{1F97}\u{1FC2}"
        + "\u{1FC3}\u{1FC4}\u{1FC6}\u{1FC7}"
    ),
    (
      "ι",
      "\u{390}\u{3AF}\u{3CA}\u{1F30}\u{1F31}\u{1F32}\u{1F33}\u{1F34}\u{1F35}\u{1F36}"
        + "\u{1F37}\u{1F76}\u{1F77}\u{1FBE}\u{1FD0}\u{1FD1}\u{1FD2}\u{1FD3}\u{1FD6}\u{1FD7}"
    ),
    ("ο", "\u{3CC}\u{1F40}\u{1F41}\u{1F42}\u{1F43}\u{1F44}\u{1F45}\u{1F78}\u{1F79}"),
    ("ρ", "\u{1FE4}\u{1FE5}"),
    (
      "υ",
      "\u{3B0}\u{3CB}\u{3CD}\u{1F50}\u{1F51}\u{1F52}\u{1F53}\u{1F54}\u{1F55}\u{1F56}"
        + "\u{1F57}\u{1F7A}\u{1F7B}\u{1FE0}\u{1FE1}\u{1FE2}\u{1FE3}\u{1FE6}\u{1FE7}"
    ),
    (
      "ω",
      "\u{3CE}\u{1F60}\u{1F61}\u{1F62}\u{1F63}\u{1F64}\u{1F65}\u{1F66}\u{1F67}\u{1F7C}"
        + "\u{1F7D}\u{1FA0}\u{1FA1}\u{1FA2}\u{1FA3}\u{1FA4}\u{1FA5}\u{1FA6}\u{1FA7}\u{1FF2}"
        + "\u{1FF3}\u{1FF4}\u{1FF6}\u{1FF7}"
    ),
    ("І", "\u{407}"),
    ("Г", "\u{403}"),
    ("Е", "\u{400}\u{401}"),
    ("И", "\u{40D}\u{419}"),
    ("К", "\u{40C}"),
    ("У", "\u{40E}"),
    ("г", "\u{453}"),
    ("е", "\u{450}\u{451}"),
    ("и", "\u{439}\u{45D}"),
    ("к", "\u{45C}"),
    ("у", "\u{45E}"),
    ("і", "\u{457}"),
    ("᾿", "\u{1FCD}\u{1FCE}\u{1FCF}"),
    ("῾", "\u{1FDD}\u{1FDE}\u{1FDF}"),
  ]
}
