import ArgumentParser
import PlanFile

/// How much one guard lets pass, as `--let` takes it: `removals=240`.
struct GuardAllowance: Sendable, Hashable {
  let name: GuardName
  let amount: Int

  init(parsing text: String) throws {
    guard let sign = text.lastIndex(of: "="), let amount = Int(text[text.index(after: sign)...]),
      amount >= 0
    else {
      throw ValidationError("“\(text)” is not a guard and a number; write it like removals=240.")
    }
    guard let name = GuardName(rawValue: String(text[..<sign])) else {
      let names = GuardName.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("There is no guard “\(text[..<sign])”. The guards are: \(names).")
    }
    self.name = name
    self.amount = amount
  }
}
