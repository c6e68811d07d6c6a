extension HTMLPage {
  /// The one style sheet, whose exact bytes are what the page's policy allows.
  static let style = """
    :root{color-scheme:light dark;--page:#f5f6f8;--card:#fff;--ink:#1a2230;--soft:#566274;--line:#dfe3e9;\
    --tint:#f0f2f5;--good:#12653f;--good-tint:#e3f3ea;--changed:#7d4e00;--changed-tint:#fbf0d9;\
    --bad:#a8201a;--bad-tint:#fbe7e5;--open:#1d4fb8;--open-tint:#e6edfb}
    @media (prefers-color-scheme:dark){:root{--page:#10141b;--card:#181e27;--ink:#e6eaf0;--soft:#9ba8ba;\
    --line:#2b3442;--tint:#212936;--good:#6fd3a0;--good-tint:#15301f;--changed:#eab65a;\
    --changed-tint:#33270f;--bad:#ff938a;--bad-tint:#3a1917;--open:#8db4ff;--open-tint:#18284a}}
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
    body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",\
    Roboto,"Noto Sans","DejaVu Sans",sans-serif;overflow-wrap:anywhere}
    header,main,footer{max-width:76rem;margin:0 auto;padding:0 1.5rem}
    h1,h2,h3,p,ul,dl,dd{margin:0}ul{padding:0;list-style:none}
    h1{font-size:1.6rem;line-height:1.25;letter-spacing:-.01em}
    h2{font-size:1.15rem;margin:2.5rem 0 .75rem}
    h3{font-size:.95rem;margin:1.5rem 0 .5rem;display:flex;flex-wrap:wrap;gap:.25rem .5rem;align-items:baseline}
    code,.id,.origin,.file{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;\
    font-size:.86em}
    .unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
    b,ins,del,dd,dt,code,.origin,.file,.id{unicode-bidi:isolate}
    .skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem 1rem}
    .good{color:var(--good)}.changed{color:var(--changed)}.bad{color:var(--bad)}.quiet{color:var(--soft)}
    .brand{padding-top:1.5rem;font-weight:600;color:var(--soft);letter-spacing:.02em}
    .headline{display:flex;gap:1rem;align-items:flex-start;margin-top:.75rem;padding:1.25rem;\
    border-radius:.75rem;border:1px solid var(--tone);background:var(--tone-tint)}
    .headline p{margin-top:.25rem}.headline h1{color:var(--tone)}
    .verdict{--tone:var(--good);--tone-tint:var(--good-tint);color:inherit}
    .verdict.changed{--tone:var(--changed);--tone-tint:var(--changed-tint);color:inherit}
    .verdict.bad{--tone:var(--bad);--tone-tint:var(--bad-tint);color:inherit}
    .verdict.open{--tone:var(--open);--tone-tint:var(--open-tint);color:inherit}
    .mark{flex:none;width:2.25rem;height:2.25rem;border-radius:50%;background:var(--tone);color:var(--card);\
    display:grid;place-items:center;font-weight:700;font-size:1.1rem}
    .steps{margin-top:1rem;display:grid;gap:.5rem}
    .steps div{display:grid;grid-template-columns:9.5rem 1fr;gap:.25rem 1rem;align-items:baseline}
    .steps dt{color:var(--soft)}
    .steps code{display:inline-block;background:var(--card);border:1px solid var(--line);border-radius:.4rem;\
    padding:.25rem .6rem;white-space:pre-wrap;user-select:all}
    .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.75rem}
    .tiles li{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.75rem 1rem}
    .tiles b{display:block;font-size:1.7rem;line-height:1.2;font-weight:650;font-variant-numeric:tabular-nums}
    .tiles span{color:var(--soft)}
    .kinds{margin-top:.75rem;background:var(--card);border:1px solid var(--line);border-radius:.6rem;\
    padding:.5rem 1rem;display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:0 2.5rem}
    .kinds li{display:flex;justify-content:space-between;gap:1rem;padding:.3rem 0}
    .kinds b,.number{font-variant-numeric:tabular-nums}
    .card{background:var(--card);border:1px solid var(--line);border-radius:.6rem;overflow:hidden}
    table{width:100%;border-collapse:collapse}
    caption{text-align:left;padding:.75rem 1rem .25rem;color:var(--soft)}
    th,td{padding:.55rem 1rem;text-align:left;vertical-align:top;border-top:1px solid var(--line);overflow-wrap:break-word}
    thead th{border-top:0;color:var(--soft);font-weight:500;font-size:.87rem;white-space:nowrap}
    table .long{overflow-wrap:anywhere;min-width:14rem}
    tbody th{font-weight:600}
    .number{text-align:right;white-space:nowrap}
    .pill{display:inline-block;padding:.05rem .55rem;border-radius:1rem;font-size:.82rem;font-weight:600;\
    background:var(--tint);white-space:nowrap}
    .pill.good{background:var(--good-tint)}.pill.bad{background:var(--bad-tint)}
    .pill.class{color:var(--soft);font-weight:500}
    .file{display:inline-block;margin-right:.75rem}.problem{color:var(--bad);margin-top:.25rem}
    .notice{margin-top:2rem;padding:.75rem 1rem;border-radius:.6rem;background:var(--open-tint);\
    border:1px solid var(--open)}
    .count{font-weight:400;color:var(--soft);font-size:.87rem}
    .rows,.findings{background:var(--card);border:1px solid var(--line);border-radius:.6rem}
    .rows li{display:grid;grid-template-columns:minmax(0,5fr) minmax(0,7fr) minmax(0,4fr);gap:.25rem 1.5rem;\
    padding:.6rem 1rem}
    .rows.edges li{grid-template-columns:minmax(0,3fr) minmax(0,2fr)}
    .rows li+li,.findings li+li{border-top:1px solid var(--line)}
    .who{display:flex;gap:.6rem}.who b{font-weight:600;white-space:pre-wrap}
    .sign{flex:none;width:1.35rem;height:1.35rem;border-radius:.3rem;background:var(--tint);display:grid;\
    place-items:center;font-weight:700;line-height:1}
    .sign.good{background:var(--good-tint)}.sign.changed{background:var(--changed-tint)}\
    .sign.bad{background:var(--bad-tint)}
    .id{display:block;color:var(--soft);font-size:.75rem}
    .what dl{display:grid;gap:.2rem}
    .what dl div{display:grid;grid-template-columns:minmax(0,2fr) minmax(0,3fr);gap:.1rem 1rem;align-items:baseline}
    .what dt{color:var(--soft);font-size:.87rem}
    .schema{display:block;font-size:.68rem;line-height:1.2}
    .none{color:var(--soft)}
    ins,del{text-decoration:none;white-space:pre-wrap;border-radius:.25rem;padding:0 .25rem;margin-left:-.25rem}
    ins{background:var(--good-tint);color:var(--good)}
    del{background:var(--bad-tint);color:var(--bad);text-decoration:line-through}
    ins:empty::before,del:empty::before{content:"(empty)";font-style:italic}
    .arrow{color:var(--soft);margin:0 .4rem 0 .15rem}
    .why{color:var(--soft);font-size:.85rem}
    .why span+span:not(.origin)::before{content:" · "}.why .origin{display:block}
    .findings li{padding:.55rem 1rem;display:grid;grid-template-columns:minmax(0,12rem) 1fr;gap:.25rem 1.5rem}
    .findings p{grid-column:2}.findings i{color:var(--soft)}
    .findings .origin{color:var(--soft)}
    .dot{width:.6rem;height:.6rem;border-radius:50%;background:currentColor;display:inline-block}
    footer{color:var(--soft);padding-bottom:3rem}
    footer dl{display:grid;gap:.15rem;font-size:.85rem;margin-bottom:1rem}
    footer dl div{display:grid;grid-template-columns:7rem 1fr;gap:1rem}
    footer p{font-size:.85rem}
    @media (max-width:44rem){header,main,footer{padding:0 1rem}.headline{padding:1rem}h1{font-size:1.3rem}
    .rows li,.rows.edges li,.findings li,.steps div,footer dl div{grid-template-columns:minmax(0,1fr)}
    .what dl div{grid-template-columns:minmax(0,1fr)}.findings p{grid-column:1}.tiles{grid-template-columns:repeat(auto-fit,minmax(6.5rem,1fr));gap:.5rem}
    .tiles li{padding:.5rem .75rem}.tiles b{font-size:1.4rem}.what,.why{padding-left:1.95rem}.why .origin{display:inline}.why .origin::before{content:" · "}
    table,tbody,tr,th,td,caption{display:block}thead{position:absolute;clip-path:inset(50%)}
    caption{padding:.6rem .75rem}tbody tr{border-top:1px solid var(--line);padding:.4rem 0}
    tbody th,td{border:0;padding:.15rem .75rem}td{position:relative;padding-left:7rem}
    td::before{content:attr(data-label);position:absolute;left:.75rem;color:var(--soft)}
    .number{text-align:left}}
    @media print{:root{--page:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--tint:#fff;\
    --good:#12653f;--good-tint:#fff;--changed:#7d4e00;--changed-tint:#fff;--bad:#a8201a;--bad-tint:#fff;\
    --open:#1d4fb8;--open-tint:#fff}
    @page{margin:15mm}body{font-size:10pt}header,main,footer{max-width:none;padding:0}
    .skip{display:none}.rows li,tr,.findings li,.tiles li{break-inside:avoid}
    h2,h3{break-after:avoid}}
    """
}
