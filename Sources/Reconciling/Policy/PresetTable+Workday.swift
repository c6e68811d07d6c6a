import Identity

// A catalogue: the fields of Workday's reports. Every company names those of its own; these are the names that
// Workday proposes, as XML and JSON write them (`Employee_ID`) and as CSV does (`Employee ID`).

extension PresetTable {
  private static let enterprise = KnownAttributes.enterpriseSchema

  /// Workday's reports as a service.
  ///
  /// A field that refers to something has its name as `Descriptor`: `<wd:Company wd:Descriptor="Contoso">`.
  static let workday = PresetTable(
    active: (
      spelled("Active", "Active_Status", "Worker_Status", "Employee_Status"),
      BooleanWords(
        true: ["1", "true", "yes", "active", "on leave"],
        false: ["0", "false", "no", "inactive", "terminated"], foldsCase: true)
    ),
    members: [
      ("userName", spelled(names: userNames)), ("externalId", spelled(names: numbers)),
      ("displayName", spelled("Full_Name", "Preferred_Name") + ["Worker.@Descriptor", "Worker"]),
      (
        "name.givenName", spelled("First_Name", "Preferred_First_Name", "Legal_First_Name")
      ),
      ("name.familyName", spelled("Last_Name", "Preferred_Last_Name", "Legal_Last_Name")),
      ("title", referring("Business_Title", "Job_Title", "Position_Title")),
      ("userType", referring("Worker_Type", "Employee_Type")),
      (#"emails[type eq "work"].value"#, spelled(names: mails)),
      (
        #"phoneNumbers[type eq "work"].value"#,
        spelled("Work_Phone", "Primary_Work_Phone", "Phone_Number")
      ),
      (#"addresses[type eq "work"].locality"#, spelled("Work_City", "City")),
      (#"addresses[type eq "work"].postalCode"#, spelled("Postal_Code")),
      (#"addresses[type eq "work"].country"#, referring("Country")),
      ("\(enterprise):employeeNumber", spelled(names: numbers)),
      ("\(enterprise):department", referring("Department", "Supervisory_Organization")),
      ("\(enterprise):division", referring("Division")),
      ("\(enterprise):costCenter", referring("Cost_Center")),
      ("\(enterprise):organization", referring("Company")),
    ],
    teams: []
  ).naming(
    managersBy: spelled("Manager_ID", "Manager_Employee_ID", "Manager_Worker_ID", "ManagerID")
      + [#"Manager.ID[type eq "Employee_ID"]"#])

  private static let numbers = ["Employee_ID", "Worker_ID", "EmployeeID", "WorkerID"]
  private static let mails = ["Email", "Work_Email", "Primary_Work_Email", "Email_Address"]
  private static let userNames =
    ["User_Name", "UserName", "Username", "User_ID", "Account_Name"] + mails

  /// Whether a report has the fields without which nobody could be told, nor created.
  static func isWorkday(_ names: ColumnNames) -> Bool {
    names.hasAny(spelled(names: numbers)) && names.hasAny(spelled(names: userNames))
      && names.hasAny(
        ["Worker.@Descriptor", "Worker"]
          + spelled(
            "Business_Title", "Active_Status", "Worker_Status", "Worker_Type",
            "Supervisory_Organization"))
  }

  private static func spelled(_ names: String...) -> [String] { spelled(names: names) }

  private static func spelled(names: [String]) -> [String] {
    names.flatMap { $0.contains("_") ? [$0, $0.replacing("_", with: " ")] : [$0] }
  }

  private static func referring(_ names: String...) -> [String] {
    names.flatMap { ["\($0).@Descriptor"] + spelled($0) }
  }
}
