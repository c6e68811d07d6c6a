/// The people of the sample company whose names have broken somebody's software before.
///
/// All are invented. The rest of the company has ordinary names and comes from `ContosoFounding`.
enum ContosoCast {
  /// Given name, surname, display name, user name before the @.
  typealias Role = (given: String, surname: String, display: String, login: String)

  static let people: [Role] = [
    ("Sinéad", "O'Brien", "Sinéad O'Brien", "sinead.o'brien"),
    ("Aoife", "O’Connor", "Aoife O’Connor", "aoife.oconnor"),
    ("Jan", "van der Berg", "van der Berg, Jan", "jan.vanderberg"),
    ("William", "Gates-Holm", "William \"Bill\" Gates-Holm", "william.gatesholm"),
    ("Max", "\"\"", "Max \"\"", "max.quotes"),
    ("José", "Núñez", "José Núñez", "jose.nunez"),
    // The same letters, decomposed: another person with other bytes.
    ("Jose\u{301}", "Nu\u{301}n\u{303}ez", "Jose\u{301} Nu\u{301}n\u{303}ez", "jose.nunez2"),
    ("Łukasz", "Żółć", "Łukasz Żółć", "lukasz.zolc"),
    ("Hồng", "Đặng", "Đặng Thị Hồng", "hong.dang"),
    ("小龙", "李", "李小龙", "xiaolong.li"),
    ("花子", "佐藤", "佐藤 花子", "hanako.sato"),
    ("민준", "김", "김민준", "minjun.kim"),
    ("İbrahim", "Işık", "İbrahim Işık", "ibrahim.isik"),
    ("Ilgın", "Yıldız", "Ilgın Yıldız", "ilgin.yildiz"),
    ("Zoë", "Fischer", "Zoë Fischer 🚀", "zoe.fischer"),
    ("Sam", "Rivera", "Sam Rivera 👩🏽‍💻 (she/her)", "sam.rivera"),
    ("محمد", "الأحمد", "محمد الأحمد", "mohammed.alahmad"),
    ("שרה", "כהן", "שרה כהן", "sarah.cohen"),
    ("आरव", "शर्मा", "आरव शर्मा", "aarav.sharma"),
    ("Ελένη", "Παππά", "Ελένη Παππά", "eleni.pappa"),
    // The first letter is Cyrillic: looks like Adam, is not.
    ("\u{410}dam", "Nowak", "\u{410}dam Nowak", "adam.nowak2"),
    ("Adam", "Nowak", "Adam Nowak", "adam.nowak"),
    ("Straße", "Groß", "Straße Groß", "strasse.gross"),
    ("=Eva", "Plus", "=Eva+Plus", "eva.plus"),
    ("+1", "Minus", "-1+Minus", "one.minus"),
    ("@Home", "Office", "@Home Office", "home.office"),
    ("Robert", "Tables", "Robert'); DROP TABLE members;--", "bobby.tables"),
    ("<b>Bea</b>", "Markup & Co", "<script>alert('Bea')</script>", "bea.markup"),
    ("Jennifer", "Null", "Jennifer Null", "jennifer.null"),
    ("True", "False", "True False", "true.false"),
    ("N/A", "N/A", "N/A", "na.na"),
    ("Cher", "", "Cher", "cher"),
    ("", "Teller", "Teller", "teller"),
    ("Ana  María", "de la  Cruz", "Ana  María de la  Cruz", "anamaria.delacruz"),
    (" Leading", "Trailing ", " Leading Trailing ", "leading.trailing"),
    ("Tab", "Ulator", "Tab\tUlator", "tab.ulator"),
    ("Semi", "Colon", "Semi; Colon | Pipe", "semi.colon"),
    ("Back", "Slash", "Back\\Slash \\\"", "back.slash"),
    ("Two", "Lines", "Two\nLines", "two.lines"),
    (
      "Hubert", "Wolfeschlegelsteinhausenbergerdorffvoralternwaren",
      "Hubert Blaine Wolfeschlegelsteinhausenbergerdorffvoralternwaren sr.", "hubert.w"
    ),
    ("Anna", "Schmidt", "Anna Schmidt", "anna.schmidt"),
    ("Anna", "Schmidt", "Anna Schmidt", "anna.schmidt2"),
    ("Percent", "Sign", "100% %s %20 Sign", "percent.sign"),
    ("Zero", "Width", "Zero\u{200B}Width\u{200D}", "zero.width"),
    ("Right", "Left", "Right\u{202E}tfeL", "right.left"),
  ]

  /// Guests keep their home address in their user name, as Entra writes it.
  static let guests: [(display: String, mail: String, company: String)] = [
    ("Anna Rossi", "anna.rossi@fabrikam.it", "Fabrikam S.r.l."),
    ("Thomas Müller (extern)", "t.mueller@northwind.de", "Northwind GmbH"),
    ("Marie-Claire d'Aubigné", "mc.daubigne@adatum.fr", "A. Datum, Paris"),
    ("Olu Adébáyọ̀", "olu@litware.ng", "Litware"),
    ("consultant_42", "consultant_42@tailspin.example", "Tailspin \"Toys\""),
    ("Kim", "kim@wingtip.example", ""),
    ("Søren Kierkegård", "soren@proseware.dk", "Proseware A/S"),
    ("Auditor, External", "audit@woodgrove.example", "Woodgrove Bank, Ltd."),
  ]

  /// Names of teams: departments first (they fill themselves), then places and projects.
  static let departmentTeams = [
    "Sales", "Marketing", "Finance", "Human Resources", "Engineering", "IT Operations", "Legal",
    "Customer Care", "Purchasing", "Research & Development",
  ]
  static let otherTeams = [
    "All Guests", "Admins", "Équipe Genève", "経理部", "\"Skunk\" Works", "Fire Wardens, Floor 2",
    "Project Ångström", "Works Council", "Lunch 🍜", "Empty for Now",
  ]
}
