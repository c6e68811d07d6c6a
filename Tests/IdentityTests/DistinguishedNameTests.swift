import Identity
import Testing

struct DistinguishedNameTests {
  /// Pairs of spellings of one name; most are those of RFC 4514 §4 and its forerunners.
  @Test(arguments: [
    ("UID=jsmith,DC=example,DC=net", "uid=jsmith,dc=example,dc=net"),
    ("UID=jsmith,DC=example,DC=net", " uid = JSmith , dc = Example ; dc = net "),
    ("OU=Sales+CN=J.  Smith,DC=net", "cn=J. Smith+ou=Sales,dc=net"),
    (#"CN=James \"Jim\" Smith\, III,DC=net"#, #"cn="James \"Jim\" Smith, III",dc=net"#),
    (#"CN=James Smith\, III"#, #"CN=James Smith\2C III"#),
    (#"CN=Before\0dAfter,DC=net"#, #"cn=before\0Dafter,dc=net"#),
    (#"CN=Lu\C4\8Di\C4\87"#, "CN=Lučić"),
    ("1.3.6.1.4.1.1466.0=x", "OID.1.3.6.1.4.1.1466.0=x"),
    ("2.5.4.3=Ann,0.9.2342.19200300.100.1.25=net", "cn=ann,dc=net"),
    (#"CN=\ Ann\ "#, "CN=Ann"),
    ("cn=a=b", #"cn=a\=b"#),
    ("", "  "),
  ])
  func spellingsOfOneNameAreEqual(one: String, other: String) throws {
    let name = try #require(DistinguishedName(parsing: one))
    #expect(name == DistinguishedName(parsing: other))
    // The normal form is a name, and its own normal form.
    #expect(DistinguishedName(parsing: name.normal) == name)
  }

  @Test(arguments: [
    ("cn=a,dc=b", "cn=a\\,dc=b"), ("cn=a+ou=b", "cn=a,ou=b"), ("cn=ann", "cn=an n"),
    ("cn=Ö", "cn=ö"), ("cn=a", "uid=a"), ("cn=a,dc=x,dc=y", "cn=a,dc=y,dc=x"),
    ("cn=#04", "cn=\\04"), ("cn=", ""),
  ])
  func otherNamesAreNot(one: String, other: String) {
    #expect(DistinguishedName(parsing: one) != DistinguishedName(parsing: other))
  }

  @Test(arguments: [
    "Ann", "cn", "=a", "cn=a,", "cn=a,,dc=b", "cn=a\\", "cn=\"a", "cn=\"a\"b", "c n=a", "cn=a+",
    "cn=a\0", "cn=a\"b",
  ])
  func whatIsNoNameIsNone(text: String) {
    #expect(DistinguishedName(parsing: text) == nil)
  }
}
