/// A policy file that uses every key there is, with a word on each: the example to copy from.
enum CompletePolicy {
  static let text = #"""
    # Where things are, relative to this file.
    state: rollcall.db                # the members and teams as Rollcall knows them, and the journal
    reports: Reports                  # a folder

    # What the columns of the exports mean, unless they say otherwise: entra or none.
    preset: entra

    exports:
      people:
        - name: entra-users           # whose people these are; never change it without `formerly`
          formerly: [azure-users]     # the names it had
          path: exports/users*.csv    # a file, or a pattern for several
          content: full               # who is not in it has left
          format: csv
          delimiter: ","              # , ; | tab, or auto: what the header has
          encoding: utf-8             # auto, utf-8, utf-16, windows-1252
          scope: 'userType eq "Member" or userType eq null'   # who counts: RFC 7644 on columns, or Entra's groups
          trailer: { pattern: 'TRL,(\d+)', extra: 2 }   # the last line; its count includes it and the header
          manifest: exports/SHA256SUMS   # or JSON: date, rows, sha256; {file} stands for each file
          maxAge: 20h                 # older files remove nobody
          toleratedLines: 0           # unreadable lines before nobody is removed any more
          mapping:                    # over what the preset and `mapping.members` say
            nickName: mailNickname
            name.formatted: 'Join(" ", [givenName], [surname])'   # Entra's functions
            timezone: { column: zone, apply: onCreate, default: UTC }   # once; where there is none
            urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager: { column: managerId, key: externalId }   # another member's id
            urn:contoso:hr:1.0:User:badge: { column: badge, type: integer }   # string, boolean, integer, decimal, dateTime, reference
            locale: { expression: 'Replace([preferredLanguage], "-", , , "_", , )', whenEmpty: clear }
        - name: hr
          path: exports/hr-*.csv
          content: delta              # only what changed; who is not in it has not changed
          preset: none
          delimiter: ;
          encoding: windows-1252
          header: [PersonId, Login, Given, Family, Unit, Status, Change]   # the file has no header line
          removed: { column: Change, values: [deleted, left] }   # the rows of those who left
          sequence: 'hr-(\d+)\.csv'   # the serial number, to notice a missing file
          mapping:
            externalId: PersonId
            userName: Login
            displayName: { column: [Family, Login] }   # the first of them that the header has
            active: { column: Status, true: [A, On leave], false: [T] }
            urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department: Unit
            emails[type eq "work"].value: ~   # mapped below for all, but not from here
            title: ~

      teams:
        - name: entra-groups
          path: exports/groups.csv
          content: full

      memberships:
        - name: entra-members         # a row for each membership
          path: exports/members.csv
          content: full
          team: { column: groupId, key: externalId }
          member: { column: userPrincipalName, key: userName }
        - name: sales                 # a file for one team
          path: exports/sales.csv
          content: full
          team: { name: Sales }
          member: { column: [id, objectId], key: externalId }
        - name: by-file               # a file for each team, named after it
          path: exports/exportGroupMembers_*.csv
          content: full
          team: { fileName: 'exportGroupMembers_(.*)\.csv', key: displayName }
          member: { column: id, key: externalId }
        - name: by-column             # a column of the people's file
          path: exports/users*.csv
          content: full
          team: { column: groups, key: displayName, separator: ";" }
          member: { column: userPrincipalName, key: userName }

    # Which teams of exports count, what they are called, and teams that nobody exports.
    teams:
      include: ["SG-*", "Team *"]     # by the names in exports; all, where it is left out
      exclude: ["SG-Test*"]
      rename: { "SG-App-*": "App *" }           # the first that fits
      nested: off                     # flatten: members of a team in a team are members of both
      rules:                          # everybody whose record fits
        Engineering: { filter: 'department eq "Engineering"', exports: [entra-users] }   # a filter alone: of all exports
        Legal: { filter: 'Unit eq "Legal"', exports: [hr] }
      roles:                          # what a team's members may do, by the names of teams here
        Admins: [Administrator]
        "App *": [Viewer]
      memberRoles: inherited          # written: each member's SCIM roles, for targets that want them

    # SCIM attribute: column, over what the preset says.
    mapping:
      members:
        emails[type eq "work"].value: mail
        title: { column: jobTitle, whenEmpty: clear }   # an empty cell takes the title away
        userType: { constant: Employee }
      teams:
        displayName: displayName

    matching:
      members: [externalId, userName]           # tried in this order
      teams: [externalId, displayName]
      adopt: { members: [externalId], teams: [displayName] }   # keys that suffice to take over the unmanaged
      merge:                                    # both people exports may hold the same person
        authority: [hr, entra-users]            # whose word counts first
        attributes: { displayName: entra-users }
      memberships: { exact: [Team A, Team B] }  # where edges that Rollcall never wrote are removed

    lifecycle:
      create: always                            # never: who is new is only counted
      update: always                            # never: what differs is only counted, and left as it is
      teams: { create: always, update: always }   # the same of teams and memberships
      leavers: { deactivate: 1, stripTeams: 14, delete: never, minInterval: 20h }   # after so many absences
      createDisabled: false
      reactivate: ours                          # ours, always, never
      maxHeld: 3d

    # How much a plan may do before a person has to agree. What is left out keeps its default.
    guards:
      creates: { percent: 20, floor: 20 }
      updates: 25%
      removals: { count: 200, percent: 5, floor: 5 }
      grants: { count: 20, floor: 5 }
      rekeys: { count: 50, percent: 2, floor: 3 }
      memberAdoptions: 50
      teamAdoptions: { count: 0, floor: 0 }
      membershipsAdded: { percent: 20, floor: 50 }
      membershipsRemoved: { percent: 10, floor: 20 }
      membershipsRemovedPerTeam: { percent: 50, floor: 5 }

    protected:
      members: ["breakglass@contoso.com", "svc-*"]   # `*` stands for anything
      teams: [Admins]

    expressions:
      strict: entra                   # refuse what Entra does not have; off: And, Or, Trim, Lookup, &
      defaultDomain: contoso.com      # what DefaultDomain() gives
      tables: {}                      # for Lookup: { offices: offices.csv }, a header and two columns
      # what [appRoleAssignments] stands for: who has which role of the application
      # appRoleAssignments: { path: assigned.csv, key: id, roles: {3f8c…: Administrator}, groups: group-members.csv }

    health:
      recordFall: 10                  # percent; with fewer records than that, nobody is removed
      keyChurn: 8                     # percent of an export's members that may be missing at once
      filledChange: 12                # points; how far the share of filled cells may be from the last run's
      valueChange: 6                  # points; the same for true and false
      maxAge: 26h                     # for exports that do not say otherwise
      onUnreliable: updates           # updates, nothing
    """#
}
