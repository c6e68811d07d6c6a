import Mustache

/// The page in Mustache, in the pieces in which it is written; the sentences and names are those of `HTMLPage`.
///
/// The first line of each piece makes every `{{name}}` go through `HTMLText`. The only `{{{name}}}` are
/// style, script and their hashes, which are ours and no data.
enum HTMLTemplates {
  static let head = parsed(opening + banner + summary + charts + guards)
  static let holds = parsed(holdsTable)
  static let hold = parsed(holdRow)
  static let holdsEnd = parsed(
    "</tbody>\n</table>\n{{#rest}}<p class=\"rest\">{{.}}</p>{{/rest}}</div>\n</section>\n")
  static let exports = parsed(exportsTable)
  static let notice = parsed(noticeText)
  static let changes = parsed(changesTable)
  static let change = parsed(changeRow)
  static let memberships = parsed(membershipsTables)
  static let membership = parsed(membershipRow)
  static let tail = parsed(findings + about)

  /// What ends each long list.
  static let listEnd = "</tbody>\n</table>\n</div>\n</section>\n"

  private static func parsed(_ text: String) -> MustacheTemplate {
    _ = registration
    do {
      return try MustacheTemplate(string: "{{% CONTENT_TYPE:ESCAPED}}\n" + text)
    } catch {
      preconditionFailure("a template of the page does not parse: \(error)")
    }
  }

  private static let registration: Void = MustacheContentTypes.register(
    HTMLText(), named: "ESCAPED")

  private static let opening = #"""
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '{{{styleHash}}}'; script-src '{{{scriptHash}}}'; base-uri 'none'; form-action 'none'">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="referrer" content="no-referrer">
    <meta name="robots" content="noindex">
    <title>Rollcall: {{title}}</title>
    <style>{{{style}}}</style>
    </head>
    <body>
    <a class="skip" href="#main">Skip to the summary</a>

    """#

  private static let banner = #"""
    <header>
    <p class="brand"><b>Rollcall</b> <span>{{subtitle}}</span></p>
    <div class="banner {{tone}}">
    <span class="mark" aria-hidden="true">{{mark}}</span>
    <div><h1>{{title}}</h1>
    <p>{{explanation}}</p>
    {{#hasSteps}}
    <dl class="steps">
    {{#steps}}<div><dt>{{label}}</dt><dd><code>{{text}}</code></dd></div>
    {{/steps}}
    </dl>
    {{/hasSteps}}
    </div></div>
    {{#caveats}}<p class="caveat">{{.}}</p>{{/caveats}}
    </header>
    <nav aria-label="Sections of this report"><ul>
    {{#sections}}<li><a href="#{{id}}">{{name}} <span>{{count}}</span></a></li>
    {{/sections}}
    </ul></nav>
    <main id="main">

    """#

  private static let summary = #"""
    <section aria-labelledby="summary">
    <h2 id="summary" class="unseen">Summary</h2>
    <ul class="tiles">
    {{#tiles}}<li class="{{tone}}"><span class="label">{{label}}</span> <b>{{number}}</b> <span class="note">{{note}}</span></li>
    {{/tiles}}
    </ul>
    </section>

    """#

  private static let charts = #"""
    {{#hasCharts}}
    <section aria-labelledby="charts">
    <h2 id="charts">At a glance</h2>
    <div class="charts">
    {{#charts}}
    <div class="card chart">
    <table class="bars">
    <caption>{{title}} <span class="legend">{{#legend}}<span class="key"><span class="swatch {{tone}}"></span>{{label}}</span> {{/legend}}</span></caption>
    <thead><tr><th scope="col"><span class="unseen">{{rowName}}</span></th><th scope="col"><span class="unseen">Changes</span></th></tr></thead>
    <tbody>
    {{#bars}}<tr><th scope="row">{{label}}</th><td><div><svg aria-hidden="true" focusable="false"><rect class="track" width="100%" height="100%"/>{{#segments}}<rect class="{{tone}}" x="{{x}}%" width="{{width}}%" height="100%"/>{{/segments}}</svg><span class="amount"><b>{{amount}}</b> <span class="note">{{note}}</span></span></div></td></tr>
    {{/bars}}
    </tbody>
    </table>
    {{#rest}}<p class="rest">{{.}}</p>{{/rest}}
    </div>
    {{/charts}}
    {{#trend}}
    <figure class="card chart trend" aria-labelledby="trend">
    <figcaption id="trend">The last runs <span class="legend">{{#legend}}<span class="key"><span class="swatch {{tone}}"></span>{{label}}</span> {{/legend}}{{#marks}}<span class="key"><svg class="shape {{tone}}" viewBox="-6 -6 12 12" aria-hidden="true" focusable="false"><path d="{{path}}"/></svg>{{label}}</span> {{/marks}}</span></figcaption>
    <div class="drawing">
    <svg class="scale" aria-hidden="true" focusable="false">{{#ticks}}<text x="100%" y="{{y}}%" dy=".35em">{{label}}</text>{{/ticks}}</svg>
    <svg class="plot" aria-hidden="true" focusable="false">
    {{#ticks}}<line class="{{tone}}" x2="100%" y1="{{y}}%" y2="{{y}}%"/>{{/ticks}}
    {{#columns}}<g><title>{{title}}</title>{{#pieces}}<rect class="{{tone}}" x="{{x}}%" y="{{y}}%" width="{{width}}%" height="{{height}}%"/>{{/pieces}}{{#shapes}}<svg class="shape {{tone}}" x="{{x}}%" y="{{y}}%"><path d="{{path}}"/></svg>{{/shapes}}<text class="{{nameTone}}" x="{{centre}}%" y="97%">{{name}}</text></g>
    {{/columns}}</svg>
    </div>
    <p class="rest">{{span}}. {{#notes}}{{.}} {{/notes}}</p>
    <details><summary>Figures</summary>
    <table>
    <caption class="unseen">What each of the last runs changed, the latest first</caption>
    <thead><tr><th scope="col">Run</th><th scope="col">Time</th><th scope="col">Outcome</th><th scope="col" class="number">In</th><th scope="col" class="number">Changed</th><th scope="col" class="number">Out</th></tr></thead>
    <tbody>
    {{#figures}}<tr><th scope="row">{{run}}</th><td>{{time}}</td><td>{{outcome}}</td><td class="number">{{gained}}</td><td class="number">{{changed}}</td><td class="number">{{lost}}</td></tr>
    {{/figures}}
    </tbody>
    </table>
    </details>
    </figure>
    {{/trend}}
    </div>
    </section>
    {{/hasCharts}}

    """#

  private static let guards = #"""
    {{#hasGuards}}
    <section aria-labelledby="guards">
    <h2 id="guards">Guards</h2>
    <div class="card">
    <table role="table" class="stacking">
    <caption>How each guard judged the whole plan, before the first write. The line in a bar is the limit.</caption>
    <thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Guard</th><th scope="col" role="columnheader">Verdict</th><th scope="col" role="columnheader" class="wide">Against its limit</th><th scope="col" role="columnheader" class="number">Amount</th><th scope="col" role="columnheader" class="number">Limit tonight</th><th scope="col" role="columnheader" class="number">Of</th><th scope="col" role="columnheader">Rule</th></tr></thead>
    <tbody role="rowgroup">
    {{#guards}}<tr role="row"><th scope="row" role="rowheader" class="long"><span class="name">{{title}}</span></th><td role="cell" data-label="Verdict"><span class="pill {{tone}}">{{word}}</span></td><td role="cell" data-label="Against its limit"><svg class="gauge" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="track" width="100" height="10"/><rect class="{{tone}}" width="{{fill}}" height="10"/>{{#marks}}<rect class="limit" x="{{.}}" width="0.8" height="10"/>{{/marks}}</svg></td><td role="cell" data-label="Amount" class="number">{{amount}}</td><td role="cell" data-label="Limit tonight" class="number">{{allowance}}</td><td role="cell" data-label="Of" class="number">{{population}}</td><td role="cell" data-label="Rule">{{limit}}</td></tr>
    {{/guards}}
    </tbody>
    </table>
    {{#guardsRest}}<p class="rest">{{.}}</p>{{/guardsRest}}
    </div>
    </section>
    {{/hasGuards}}

    """#

  private static let holdsTable = #"""
    <section aria-labelledby="held" class="list">
    <h2 id="held">Held for a person <span class="count">{{total}}</span></h2>
    <div class="controls" data-of="held" hidden><label>Filter<span class="unseen"> (held)</span> <input type="search" autocomplete="off" spellcheck="false"></label><p role="status"></p></div>
    <div class="card">
    <table role="table" class="stacking">
    <caption>Not done until somebody has looked</caption>
    <thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader" data-sort>Who</th><th scope="col" role="columnheader" data-sort>Situation</th><th scope="col" role="columnheader" data-sort>Effect</th><th scope="col" role="columnheader" data-sort>Since</th></tr></thead>
    <tbody role="rowgroup">

    """#

  private static let holdRow = #"""
    <tr role="row"><th scope="row" role="rowheader" class="long">{{subject}}</th><td role="cell" data-label="Situation" class="long"><b>{{situation}}</b> <span class="note">{{explanation}}</span></td><td role="cell" data-label="Effect">{{effect}}</td><td role="cell" data-label="Since" data-key="{{key}}">{{since}} <span class="note">{{age}}</span></td></tr>

    """#

  private static let exportsTable = #"""
    {{#hasExports}}
    <section aria-labelledby="exports">
    <h2 id="exports">Exports</h2>
    <div class="card">
    <table role="table" class="stacking">
    <caption>What was read, and whether it can be trusted to be whole</caption>
    <thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Export</th><th scope="col" role="columnheader">Health</th><th scope="col" role="columnheader" class="number">Records</th><th scope="col" role="columnheader">Read as</th><th scope="col" role="columnheader">Files</th></tr></thead>
    <tbody role="rowgroup">
    {{#exports}}<tr role="row"><th scope="row" role="rowheader" class="long">{{title}}</th><td role="cell" data-label="Health"><span class="pill {{tone}}">{{word}}</span></td><td role="cell" data-label="Records" class="number">{{records}}</td><td role="cell" data-label="Read as">{{#readings}}<span class="file">{{.}}</span> {{/readings}}</td><td role="cell" data-label="Files" class="long">{{#files}}<span class="file">{{.}}</span> {{/files}}{{#problems}}<p class="problem {{tone}}">{{text}}</p>{{/problems}}</td></tr>
    {{/exports}}
    </tbody>
    </table>
    </div>
    </section>
    {{/hasExports}}

    """#

  private static let noticeText = #"""
    <div class="notice"><p>{{text}}</p><ul>{{#omitted}}<li>{{.}}</li>{{/omitted}}</ul></div>

    """#

  private static let changesTable = #"""
    <section aria-labelledby="changes" class="list">
    <h2 id="changes">Members and teams <span class="count">{{total}}</span></h2>
    <div class="controls" data-of="members and teams" hidden><label>Filter<span class="unseen"> (members and teams)</span> <input type="search" autocomplete="off" spellcheck="false"></label>
    <label>Change<span class="unseen"> (members and teams)</span> <select data-field="kind"><option value="">all</option>{{#kinds}}<option value="{{value}}">{{label}}</option>{{/kinds}}</select></label>
    <label>Class<span class="unseen"> (members and teams)</span> <select data-field="class"><option value="">all</option><option value="removal">removal</option><option value="grant">grant</option><option value="rekey">rekey</option></select></label><p role="status"></p></div>
    <div class="card">
    <table role="table" class="stacking operations">
    <caption>Each operation with its values before and after, why, and the record it rests on</caption>
    <thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader" data-sort>Change</th><th scope="col" role="columnheader" data-sort>Who</th><th scope="col" role="columnheader">Values</th><th scope="col" role="columnheader" data-sort>Why</th><th scope="col" role="columnheader" data-sort>Origin</th></tr></thead>
    <tbody role="rowgroup">

    """#

  private static let changeRow = #"""
    <tr role="row" data-kind="{{kind}}" data-class="{{classNames}}"><td role="cell" data-label="Change" class="verb {{tone}}"><span class="sign" aria-hidden="true">{{sign}}</span>{{verb}}</td><th scope="row" role="rowheader" class="long">{{who}}{{#classes}} <span class="pill {{.}}">{{.}}</span>{{/classes}}<span class="id">{{id}}</span></th><td role="cell" data-label="Values" class="long">{{#hasChanges}}<dl{{#isNew}} class="new"{{/isNew}}>{{#changes}}<div><dt>{{attribute}}</dt><dd>{{#isReplaced}}<span class="unseen">from </span>{{#before}}<del>{{.}}</del>{{/before}}{{^before}}<span class="none">none</span>{{/before}} <span class="arrow" aria-hidden="true">→</span><span class="unseen"> to </span>{{/isReplaced}}{{#after}}<ins>{{.}}</ins>{{/after}}{{^after}}<span class="none">none</span>{{/after}}</dd></div>{{/changes}}</dl>{{/hasChanges}}</td><td role="cell" data-label="Why"><span title="{{explanation}}">{{situation}}</span><span class="note">{{rule}}</span></td><td role="cell" data-label="Origin">{{#origins}}<span class="origin">{{.}}</span> {{/origins}}</td></tr>

    """#

  private static let membershipsTables = #"""
    <section aria-labelledby="memberships" class="list">
    <h2 id="memberships">Memberships <span class="count">{{total}}</span></h2>
    <details class="card"><summary>Teams that gain or lose members: {{teamTotal}}</summary>
    <table>
    <caption class="unseen">How many members each team gains and loses</caption>
    <thead><tr><th scope="col">Team</th><th scope="col" class="number">Joining</th><th scope="col" class="number">Leaving</th></tr></thead>
    <tbody>
    {{#teams}}<tr><th scope="row" class="long">{{team}}</th><td class="number">{{joining}}</td><td class="number">{{leaving}}</td></tr>
    {{/teams}}
    </tbody>
    </table>
    {{#rest}}<p class="rest">{{.}}</p>{{/rest}}
    </details>
    <div class="controls" data-of="memberships" hidden><label>Filter<span class="unseen"> (memberships)</span> <input type="search" autocomplete="off" spellcheck="false"></label>
    <label>Change<span class="unseen"> (memberships)</span> <select data-field="kind"><option value="">all</option><option value="add-membership">joins</option><option value="remove-membership">leaves</option></select></label><p role="status"></p></div>
    <div class="card">
    <table role="table" class="stacking edges">
    <caption>By team; who joins before who leaves</caption>
    <thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader" data-sort>Team</th><th scope="col" role="columnheader" data-sort>Change</th><th scope="col" role="columnheader" data-sort>Member</th><th scope="col" role="columnheader" data-sort>Why</th><th scope="col" role="columnheader" data-sort>Origin</th></tr></thead>
    <tbody role="rowgroup" data-main>

    """#

  private static let membershipRow = #"""
    <tr role="row" data-kind="{{kind}}"><th scope="row" role="rowheader" class="long">{{team}}</th><td role="cell" data-label="Change" class="verb {{tone}}"><span class="sign" aria-hidden="true">{{sign}}</span>{{verb}}</td><td role="cell" data-label="Member" class="long">{{who}}{{#classes}} <span class="pill {{.}}">{{.}}</span>{{/classes}}</td><td role="cell" data-label="Why"><span title="{{explanation}}">{{situation}}</span> <span class="note">{{rule}}</span></td><td role="cell" data-label="Origin">{{#origins}}<span class="origin">{{.}}</span> {{/origins}}</td></tr>

    """#

  private static let findings = #"""
    {{#hasFindings}}
    <section aria-labelledby="findings">
    <h2 id="findings">Findings</h2>
    {{#findingGroups}}
    <h3><span class="dot {{tone}}" aria-hidden="true"></span>{{heading}} <span class="count">{{total}}</span></h3>
    <ul class="card findings">
    {{#findings}}<li><span class="origin">{{place}}</span><p>{{message}} <i>{{repeats}}</i></p></li>
    {{/findings}}
    {{#rest}}<li><p>{{.}}</p></li>{{/rest}}
    </ul>
    {{/findingGroups}}
    </section>
    {{/hasFindings}}

    """#

  private static let about = #"""
    </main>
    <footer>
    <h2 id="about">About this report</h2>
    <dl>
    {{#facts}}<div><dt>{{label}}</dt><dd><code>{{text}}</code></dd></div>
    {{/facts}}
    </dl>
    {{#hasExtensions}}
    <p>Attributes of extensions, by the names used here:</p>
    <dl>
    {{#extensions}}<div><dt>{{label}}</dt><dd><code>{{text}}</code></dd></div>
    {{/extensions}}
    </dl>
    {{/hasExtensions}}
    <p>Times are UTC. Characters that cannot be seen, or that reorder text, are shown as <code>\u{…}</code>; the JSON report has the exact values.</p>
    </footer>
    <script>{{{script}}}</script>
    </body>
    </html>

    """#
}
