extension HTMLPage {
  /// The page in Mustache; the first line makes every `{{name}}` go through `HTMLText`.
  ///
  /// The only `{{{name}}}` are the style sheet and its hash, which are ours and no data.
  static let template = #"""
    {{% CONTENT_TYPE:ESCAPED}}
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '{{{styleHash}}}'; base-uri 'none'; form-action 'none'">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="referrer" content="no-referrer">
    <meta name="robots" content="noindex">
    <title>Rollcall: {{title}}</title>
    <style>{{{style}}}</style>
    </head>
    <body>
    <a class="skip" href="#summary">Skip to the summary</a>
    <header class="verdict {{tone}}">
    <p class="brand">Rollcall</p>
    <div class="headline"><span class="mark" aria-hidden="true">{{mark}}</span><div><h1>{{title}}</h1>
    <p>{{explanation}}</p></div></div>
    {{#hasSteps}}
    <dl class="steps">
    {{#steps}}<div><dt>{{label}}</dt><dd><code>{{text}}</code></dd></div>
    {{/steps}}
    </dl>
    {{/hasSteps}}
    </header>
    <main>
    <section id="summary" aria-labelledby="summary-heading">
    <h2 id="summary-heading">Summary</h2>
    <ul class="tiles">
    {{#tiles}}<li class="{{tone}}"><b>{{number}}</b> <span>{{label}}</span></li>
    {{/tiles}}
    </ul>
    {{#hasKinds}}
    <ul class="kinds">
    {{#kinds}}<li><span>{{label}}</span> <b class="{{tone}}">{{number}}</b></li>
    {{/kinds}}
    </ul>
    {{/hasKinds}}
    </section>

    {{#hasGuards}}
    <section aria-labelledby="guards-heading">
    <h2 id="guards-heading">Guards</h2>
    <div class="card">
    <table role="table">
    <caption>How each guard judged the whole plan, before the first write</caption>
    <thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Guard</th><th scope="col" role="columnheader">Verdict</th><th scope="col" role="columnheader" class="number">Amount</th><th scope="col" role="columnheader" class="number">Of</th><th scope="col" role="columnheader">Limit</th></tr></thead>
    <tbody role="rowgroup">
    {{#guards}}<tr role="row"><th scope="row" role="rowheader" class="long">{{title}}</th><td role="cell" data-label="Verdict"><span class="pill {{tone}}">{{word}}</span></td><td role="cell" data-label="Amount" class="number">{{amount}}</td><td role="cell" data-label="Of" class="number">{{population}}</td><td role="cell" data-label="Limit" class="long">{{limit}}</td></tr>
    {{/guards}}
    </tbody>
    </table>
    </div>
    </section>
    {{/hasGuards}}

    {{#hasExports}}
    <section aria-labelledby="exports-heading">
    <h2 id="exports-heading">Exports</h2>
    <div class="card">
    <table role="table">
    <caption>What was read, and whether it can be trusted to be whole</caption>
    <thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Export</th><th scope="col" role="columnheader">Health</th><th scope="col" role="columnheader" class="number">Records</th><th scope="col" role="columnheader">Files</th></tr></thead>
    <tbody role="rowgroup">
    {{#exports}}<tr role="row"><th scope="row" role="rowheader" class="long">{{title}}</th><td role="cell" data-label="Health"><span class="pill {{tone}}">{{word}}</span></td><td role="cell" data-label="Records" class="number">{{records}}</td><td role="cell" data-label="Files" class="long">{{#files}}<span class="file">{{.}}</span> {{/files}}{{#problems}}<p class="problem">{{.}}</p>{{/problems}}</td></tr>
    {{/exports}}
    </tbody>
    </table>
    </div>
    </section>
    {{/hasExports}}

    {{#sampled}}<p class="notice">{{.}}</p>{{/sampled}}

    {{#hasGroups}}
    <section aria-labelledby="changes-heading">
    <h2 id="changes-heading">Members and teams</h2>
    {{#groups}}
    <h3>{{heading}} <span class="count">{{detail}}</span></h3>
    <ul class="rows">
    {{#rows}}
    <li>
    <div class="who"><span class="sign {{tone}}"><span aria-hidden="true">{{sign}}</span><span class="unseen">{{verb}}</span></span><div><b>{{who}}</b>{{#classes}} <span class="pill class">{{.}}</span>{{/classes}}<span class="id">{{id}}</span></div></div>
    <div class="what">{{#hasChanges}}<dl>{{#changes}}<div><dt>{{attribute}}{{#schema}}<span class="schema">{{.}}</span>{{/schema}}</dt><dd>{{#added}}<ins>{{.}}</ins>{{/added}}{{#replaced}}<span class="unseen">from </span>{{#before}}<del>{{.}}</del>{{/before}}{{^before}}<span class="none">none</span>{{/before}} <span class="arrow" aria-hidden="true">→</span><span class="unseen"> to </span>{{#after}}<ins>{{.}}</ins>{{/after}}{{^after}}<span class="none">none</span>{{/after}}{{/replaced}}</dd></div>{{/changes}}</dl>{{/hasChanges}}</div>
    <div class="why"><span title="{{explanation}}">{{situation}}</span> <span>{{rule}}</span>{{#origins}} <span class="origin">{{.}}</span>{{/origins}}</div>
    </li>
    {{/rows}}
    </ul>
    {{/groups}}
    </section>
    {{/hasGroups}}

    {{#hasTeams}}
    <section aria-labelledby="memberships-heading">
    <h2 id="memberships-heading">Memberships</h2>
    {{#teams}}
    <h3>{{heading}} <span class="count">{{detail}}</span></h3>
    <ul class="rows edges">
    {{#rows}}
    <li>
    <div class="who"><span class="sign {{tone}}"><span aria-hidden="true">{{sign}}</span></span><div><b>{{who}}</b> <span class="verb {{tone}}">{{verb}}</span>{{#classes}} <span class="pill class">{{.}}</span>{{/classes}}</div></div>
    <div class="why"><span title="{{explanation}}">{{situation}}</span> <span>{{rule}}</span>{{#origins}} <span class="origin">{{.}}</span>{{/origins}}</div>
    </li>
    {{/rows}}
    </ul>
    {{/teams}}
    </section>
    {{/hasTeams}}

    {{#hasHolds}}
    <section aria-labelledby="holds-heading">
    <h2 id="holds-heading">Held for a person</h2>
    <div class="card">
    <table role="table">
    <caption>Not done until somebody has looked</caption>
    <thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Who</th><th scope="col" role="columnheader">Situation</th><th scope="col" role="columnheader">Effect</th><th scope="col" role="columnheader">Since</th></tr></thead>
    <tbody role="rowgroup">
    {{#holds}}<tr role="row"><th scope="row" role="rowheader" class="long">{{subject}}</th><td role="cell" data-label="Situation" class="long"><b>{{words}}</b><br>{{explanation}}</td><td role="cell" data-label="Effect">{{effect}}</td><td role="cell" data-label="Since">{{since}}</td></tr>
    {{/holds}}
    </tbody>
    </table>
    </div>
    </section>
    {{/hasHolds}}

    {{#hasFindings}}
    <section aria-labelledby="findings-heading">
    <h2 id="findings-heading">Findings</h2>
    {{#findingGroups}}
    <h3><span class="dot {{tone}}" aria-hidden="true"></span>{{heading}} <span class="count">{{total}}</span></h3>
    <ul class="findings">
    {{#findings}}<li><span class="origin">{{place}}</span><p>{{message}} <i>{{repeats}}</i></p></li>
    {{/findings}}
    {{#rest}}<li><p>{{.}}</p></li>{{/rest}}
    </ul>
    {{/findingGroups}}
    </section>
    {{/hasFindings}}
    </main>
    <footer>
    <h2>About this report</h2>
    <dl>
    {{#facts}}<div><dt>{{label}}</dt><dd>{{text}}</dd></div>
    {{/facts}}
    </dl>
    <p>Times are UTC. Characters that cannot be seen, or that reorder text, are shown as <code>\u{…}</code>; the JSON report has the exact values.</p>
    </footer>
    </body>
    </html>

    """#
}
