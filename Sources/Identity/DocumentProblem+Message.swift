extension DocumentProblem {
  /// What stands after the colon.
  var explanation: String {
    switch self {
    case .cutOff: "it ends in the middle of something"
    case .unexpectedByte: "this byte cannot stand here"
    case .badNumber: "this is no number"
    case .badEscape: "this is no escape sequence"
    case .loneSurrogate: "half of a surrogate pair stands alone"
    case .controlCharacter: "a control character stands in a text unescaped"
    case .invalidUTF8: "this is not UTF-8"
    case .tooDeep: "it is nested deeper than 64 levels"
    case .notAnObject: "a record must be an object"
    case .noRecords: "the list of records is not in it"
    case .noEntryName: "a record begins with “dn:”"
    case .secondEntryName: "it has a second “dn:”, so the empty line between two records is missing"
    case .nothingToFold: "a line that begins with a space continues nothing"
    case .noAttribute: "an attribute, a colon and a value stand on every line"
    case .badBase64: "this is not base64"
    case .urlValue: "the value is to be read from another file (“:<”), which is never done"
    case .unknownChange: "the changetype is none of add, delete, modify, modrdn and moddn"
    case .badChange: "the lines are not those of such a change"
    case .unsupportedChange:
      "an entry gets another name, and that is what it is known by; map a key that stays, such as entryUUID, or use a full export"
    case .changeInFullExport: "a change does not belong into an export whose content is full"
    case .nulByte: "it holds a NUL byte"
    case .valueTooLong: "the value is too long"
    case .noClosingLine:
      "the last record is not followed by an empty line and may have been cut (whoever writes the file must end it with one)"
    case .notWellFormed: "this is not well-formed XML"
    case .documentType: "it has a document type (DOCTYPE)"
    case .elementInValue: "an element stands inside of a value, where only text may be"
    case .notUnderstood: "this operation is not one that can be followed"
    }
  }
}
