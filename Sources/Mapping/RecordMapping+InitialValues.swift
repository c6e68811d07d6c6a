package import Identity

// Values that only somebody new gets: chosen ones, those of `apply: onCreate`, and defaults.

extension RecordMapping {
  package var hasInitialValues: Bool {
    rules.contains { $0.isInitial || $0.defaultValue != nil }
  }

  /// What one record has for somebody new, should that be what it turns out to be.
  ///
  /// A default stands behind its rule: it counts where the record's image has no value.
  package func initialValues(of row: Int, in batch: RecordBatch) -> [InitialValue] {
    rules.compactMap { rule in
      guard rule.isInitial else {
        return rule.defaultValue.map {
          InitialValue(attribute: rule.attribute, values: [$0], isUnique: false)
        }
      }
      if case .expression = rule.source {
        return expressions.initialValue(of: rule.attribute, row, in: batch)?
          .orDefault(rule.defaultValue)
      }
      return initialValue(of: rule, row, in: batch).orDefault(rule.defaultValue)
    }
  }

  private func initialValue(
    of rule: AttributeRule, _ row: Int, in batch: RecordBatch
  ) -> InitialValue {
    func made(_ values: [[UInt8]], _ failure: Finding.Subject? = nil) -> InitialValue {
      InitialValue(attribute: rule.attribute, values: values, isUnique: false, failure: failure)
    }
    switch rule.source {
    case .constant(let value): return made([value])
    case .expression, .reference: return made([])
    case .column(let column) where attributes[rule.attribute].kind == .list:
      let list = batch.list(row: row, column: column) ?? []
      return made(list.isEmpty ? [] : [list])
    case .column(let column):
      let path = "\(attributes[rule.attribute].path)"
      let further = batch.furtherValues(row: row, column: column).count
      guard further == 0 else {
        return made([], .severalValues(attribute: path, count: further + 1))
      }
      let value = Array(batch.bytes[batch.cell(row: row, column: column).range])
      guard !value.isEmpty, LostValue.typeName(in: value.span) == nil else { return made([]) }
      if let type = attributes[rule.attribute].kind.spelled {
        guard let spelling = type.spelling(of: value.span) else {
          let text = String(decoding: value, as: UTF8.self)
          return made([], .badValue(attribute: path, kind: type.rawValue, value: text))
        }
        return made([spelling])
      }
      guard let vocabulary = rule.vocabulary else { return made([value]) }
      guard let word = vocabulary.value(of: value.span) else {
        let text = String(decoding: value, as: UTF8.self)
        return made([], .unknownWord(attribute: path, value: text))
      }
      return made([Array((word ? "true" : "false").utf8)])
    }
  }
}

extension InitialValue {
  fileprivate func orDefault(_ value: [UInt8]?) -> InitialValue {
    guard let value, values.isEmpty, failure == nil else { return self }
    return InitialValue(attribute: attribute, values: [value], isUnique: false)
  }
}
