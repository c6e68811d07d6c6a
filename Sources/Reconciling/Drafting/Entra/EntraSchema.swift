import Foundation
import Scanning

/// Entra's synchronizationSchema, as far as a policy can be made of it.
///
/// ```
/// {"synchronizationRules":[{"objectMappings":[{"sourceObjectName":"User","attributeMappings":[…]}]}]}
/// ```
///
/// The portal's download and Microsoft Graph's answer are the same document
/// (learn.microsoft.com/graph/api/resources/synchronization-synchronizationschema).
struct EntraSchema: Sendable, Hashable {
  struct Rule: Sendable, Hashable {
    let name: String
    let sourceDirectory: String
    let targetDirectory: String
    let priority: Int
    let objects: [ObjectMapping]
  }

  /// How objects of one kind become those of another.
  struct ObjectMapping: Sendable, Hashable {
    let name: String
    let isEnabled: Bool
    /// `Add`, `Update`, `Delete`: the target actions that are ticked; nil where the file does not say.
    let actions: Set<String>?
    let source: String
    let target: String
    let attributes: [AttributeMapping]
    /// Who leaves these is disabled.
    let scope: [ScopeGroup]
    /// Who leaves these is ignored.
    let inputFilters: [ScopeGroup]
    let hasCategoryFilters: Bool
  }

  struct AttributeMapping: Sendable, Hashable {
    enum Source: Sendable, Hashable {
      case attribute(String)
      case constant(String)
      case function(String)
      /// A function of which only the parsed form is in the file.
      case functionWithoutText(String)
      /// Neither; only a default value.
      case none
    }

    let target: String
    let source: Source
    let defaultValue: String?
    /// When it counts: `Always`, `ObjectAddOnly`, `MultiValueAddOnly` and others.
    let flowType: String
    /// 0 for an attribute that is not matched by.
    let matchingPriority: Int
  }

  /// Clauses that must all hold.
  struct ScopeGroup: Sendable, Hashable {
    let name: String
    let clauses: [Clause]
  }

  struct Clause: Sendable, Hashable {
    let attribute: String
    let operatorName: String
    let values: [String]
  }

  /// What a directory says of one of its attributes.
  struct Definition: Sendable, Hashable {
    let type: String
    let isMultivalued: Bool
    /// Whether values differ that differ in case alone; nil where the file does not say.
    let isCaseExact: Bool?
  }

  let rules: [Rule]
  /// By directory and object, `Azure Active Directory/User`, then by attribute.
  let definitions: [String: [String: Definition]]
}

// MARK: - Reading

extension EntraSchema {
  /// A real one has a few thousand lines.
  private static let sizeLimit = 64 << 20

  /// Reads a file.
  ///
  /// - Throws: `unreadable`, with the line of what is no JSON, or the path of what is no schema.
  static func load(contentsOf path: String) throws(JobFailure) -> EntraSchema {
    let bytes: [UInt8]
    do {
      let file = try FileHandle(forReadingFrom: URL(filePath: path))
      defer { try? file.close() }
      bytes = [UInt8](try file.read(upToCount: sizeLimit + 1) ?? Data())
    } catch {
      throw .unreadable(["\(path): the file cannot be read: \(error.localizedDescription)"])
    }
    guard bytes.count <= sizeLimit else {
      throw .unreadable(["\(path): the file is larger than 64 MiB; is it really a schema?"])
    }
    return try EntraSchema(reading: bytes, path: path)
  }

  init(reading bytes: [UInt8], path: String) throws(JobFailure) {
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let document: JSONValue
    do {
      document = try JSONParser.parse(Array(bytes[start...]))
    } catch {
      let line = bytes.prefix(start + error.offset).count { $0 == 0x0A } + 1
      throw .unreadable([
        "\(path):\(line): this is not JSON (\(error.kind.rawValue) at byte \(start + error.offset)). "
          + "Download the schema again, as UTF-8."
      ])
    }
    var reader = EntraSchemaReader(path: path)
    self = try reader.schema(document)
  }
}

/// Goes through the document; what is missing has Entra's default, what has another shape is refused with its path.
private struct EntraSchemaReader {
  let path: String

  mutating func schema(_ document: JSONValue) throws(JobFailure) -> EntraSchema {
    guard let schema = Self.schema(in: document) else {
      throw .unreadable([
        "\(path): there is no list synchronizationRules in it. This is not the schema of a provisioning job: "
          + "download it under Provisioning, Attribute mapping, Review your schema, or GET "
          + "/servicePrincipals/{id}/synchronization/jobs/{id}/schema from Microsoft Graph."
      ])
    }
    var rules: [EntraSchema.Rule] = []
    for (index, rule) in try list(schema, "synchronizationRules", in: "").enumerated() {
      rules.append(try self.rule(rule, "synchronizationRules[\(index)]"))
    }
    return EntraSchema(rules: rules, definitions: try definitions(schema))
  }

  /// The schema itself, or what a tool has wrapped around it.
  private static func schema(in document: JSONValue) -> JSONValue? {
    let wrapped = [document, document["schema"], document["value"]?.elements?.first]
    return wrapped.compactMap(\.self).first { $0["synchronizationRules"]?.elements != nil }
  }

  private func rule(_ value: JSONValue, _ place: String) throws(JobFailure) -> EntraSchema.Rule {
    var objects: [EntraSchema.ObjectMapping] = []
    for (index, object) in try list(value, "objectMappings", in: place).enumerated() {
      objects.append(try self.object(object, "\(place).objectMappings[\(index)]"))
    }
    return EntraSchema.Rule(
      name: try text(value, "name", in: place) ?? "",
      sourceDirectory: try text(value, "sourceDirectoryName", in: place) ?? "",
      targetDirectory: try text(value, "targetDirectoryName", in: place) ?? "",
      priority: value["priority"]?.integer ?? 0, objects: objects)
  }

  private func object(
    _ value: JSONValue, _ place: String
  ) throws(JobFailure) -> EntraSchema.ObjectMapping {
    var attributes: [EntraSchema.AttributeMapping] = []
    for (index, mapping) in try list(value, "attributeMappings", in: place).enumerated() {
      attributes.append(try attribute(mapping, "\(place).attributeMappings[\(index)]"))
    }
    let scope = value["scope"] ?? .null
    let actions = try text(value, "flowTypes", in: place).map { text in
      Set(text.split(separator: ",").map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty })
    }
    return EntraSchema.ObjectMapping(
      name: try text(value, "name", in: place) ?? "",
      isEnabled: value["enabled"]?.boolean ?? true, actions: actions,
      source: try text(value, "sourceObjectName", in: place) ?? "",
      target: try text(value, "targetObjectName", in: place) ?? "", attributes: attributes,
      scope: try groups(scope, "groups", "\(place).scope"),
      inputFilters: try groups(scope, "inputFilterGroups", "\(place).scope"),
      hasCategoryFilters: scope["categoryFilterGroups"]?.elements?.isEmpty == false)
  }

  private func attribute(
    _ value: JSONValue, _ place: String
  ) throws(JobFailure) -> EntraSchema.AttributeMapping {
    guard let target = try text(value, "targetAttributeName", in: place), !target.isEmpty else {
      throw .unreadable(["\(path): \(place): targetAttributeName is missing."])
    }
    return EntraSchema.AttributeMapping(
      target: target, source: try source(value["source"] ?? .null, "\(place).source"),
      defaultValue: try text(value, "defaultValue", in: place).flatMap { $0.isEmpty ? nil : $0 },
      flowType: try text(value, "flowType", in: place) ?? "Always",
      matchingPriority: value["matchingPriority"]?.integer ?? 0)
  }

  private func source(
    _ value: JSONValue, _ place: String
  ) throws(JobFailure) -> EntraSchema.AttributeMapping.Source {
    guard value != .null else { return .none }
    let type = try text(value, "type", in: place) ?? ""
    let name = try text(value, "name", in: place) ?? ""
    let expression = try text(value, "expression", in: place) ?? ""
    switch type.lowercased() {
    case "attribute":
      let bare = expression.hasPrefix("[") && expression.hasSuffix("]")
      return .attribute(name.isEmpty && bare ? String(expression.dropFirst().dropLast()) : name)
    case "constant":
      return .constant(name.isEmpty ? Self.constant(in: expression) : name)
    case "function":
      return expression.isEmpty ? .functionWithoutText(name) : .function(expression)
    default:
      throw .unreadable([
        "\(path): \(place).type: “\(type)” is none of Attribute, Constant and Function."
      ])
    }
  }

  /// What stands between the quotes of a constant's expression.
  private static func constant(in expression: String) -> String {
    guard expression.count >= 2, expression.hasPrefix("\""), expression.hasSuffix("\"") else {
      return expression
    }
    return String(expression.dropFirst().dropLast()).replacing("\\\"", with: "\"")
      .replacing("\\\\", with: "\\")
  }

  private func groups(
    _ scope: JSONValue, _ name: String, _ place: String
  ) throws(JobFailure) -> [EntraSchema.ScopeGroup] {
    var groups: [EntraSchema.ScopeGroup] = []
    for (index, group) in try list(scope, name, in: place).enumerated() {
      let place = "\(place).\(name)[\(index)]"
      var clauses: [EntraSchema.Clause] = []
      for (index, clause) in try list(group, "clauses", in: place).enumerated() {
        clauses.append(try self.clause(clause, "\(place).clauses[\(index)]"))
      }
      groups.append(
        EntraSchema.ScopeGroup(name: try text(group, "name", in: place) ?? "", clauses: clauses))
    }
    return groups
  }

  private func clause(
    _ value: JSONValue, _ place: String
  ) throws(JobFailure) -> EntraSchema.Clause {
    guard let attribute = try text(value, "sourceOperandName", in: place),
      let name = try text(value, "operatorName", in: place)
    else {
      throw .unreadable(["\(path): \(place): sourceOperandName or operatorName is missing."])
    }
    var values: [String] = []
    for operand in try list(value["targetOperand"] ?? .null, "values", in: place) {
      switch operand {
      case .string(let text), .number(let text): values.append(text)
      case .bool(let value): values.append(value ? "true" : "false")
      case .null: continue
      case .array, .object:
        throw .unreadable(["\(path): \(place).targetOperand.values: a text is expected."])
      }
    }
    return EntraSchema.Clause(attribute: attribute, operatorName: name, values: values)
  }

  private func definitions(
    _ schema: JSONValue
  ) throws(JobFailure) -> [String: [String: EntraSchema.Definition]] {
    var definitions: [String: [String: EntraSchema.Definition]] = [:]
    for (index, directory) in try list(schema, "directories", in: "").enumerated() {
      let place = "directories[\(index)]"
      let directoryName = try text(directory, "name", in: place) ?? ""
      for object in try list(directory, "objects", in: place) {
        let key = "\(directoryName)/\(try text(object, "name", in: place) ?? "")"
        for attribute in try list(object, "attributes", in: place) {
          guard let name = try text(attribute, "name", in: place) else { continue }
          definitions[key, default: [:]][name] = EntraSchema.Definition(
            type: try text(attribute, "type", in: place) ?? "String",
            isMultivalued: attribute["multivalued"]?.boolean ?? false,
            isCaseExact: attribute["caseExact"]?.boolean)
        }
      }
    }
    return definitions
  }

  // MARK: - Shapes

  private func list(
    _ value: JSONValue, _ name: String, in place: String
  ) throws(JobFailure) -> [JSONValue] {
    guard let member = value[name], member != .null else { return [] }
    guard let elements = member.elements else { throw wrong(name, in: place, "a list") }
    return elements
  }

  private func text(
    _ value: JSONValue, _ name: String, in place: String
  ) throws(JobFailure) -> String? {
    guard let member = value[name], member != .null else { return nil }
    guard let text = member.text else { throw wrong(name, in: place, "a text") }
    return text
  }

  private func wrong(_ name: String, in place: String, _ shape: String) -> JobFailure {
    let whole = place.isEmpty ? name : "\(place).\(name)"
    return .unreadable(["\(path): \(whole): \(shape) is expected here."])
  }
}
