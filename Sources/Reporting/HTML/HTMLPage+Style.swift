extension HTMLPage {
  /// The one style sheet, whose exact bytes are what the page's policy allows.
  ///
  /// Colours of charts stand out at 3:1 from card and track (WCAG 2.2, 1.4.11). Three of them cannot stand out so from each
  /// other as well, so a line in the colour of the card is between any two that touch.
  static let style = colours + layout + charts + tables + screens

  private static let colours = """
    :root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#19212c;--soft:#566172;--line:#e1e5ea;--edge:#7f8a9a;\
    --tint:#eef1f4;--good:#136a41;--good-tint:#e4f3ea;--changed:#7d4e00;--changed-tint:#fbf1dc;\
    --bad:#a8221b;--bad-tint:#fbe9e7;--open:#1d4fb8;--open-tint:#e8eefb;--violet:#5b3fae;\
    --violet-tint:#efebfa;--bar-gained:#2f8a5b;--bar-changed:#a8741a;--bar-lost:#c8463e;--bar-plain:#6b7d94;\
    --bar-rekey:#7f63c9;--bar-grant:#a8741a}
    @media (prefers-color-scheme:dark){:root{--page:#0f1319;--card:#171c24;--ink:#e4e8ee;--soft:#9aa7b8;\
    --line:#28303c;--edge:#66748a;--tint:#212832;--good:#74d3a3;--good-tint:#142d1f;--changed:#e9b65d;\
    --changed-tint:#30250f;--bad:#ff958c;--bad-tint:#371a18;--open:#8fb5ff;--open-tint:#172642;\
    --violet:#bda9f5;--violet-tint:#271f40;--bar-gained:#3f9268;--bar-changed:#c9963a;--bar-lost:#cb5a51;\
    --bar-plain:#7b8da4;--bar-rekey:#9a85db;--bar-grant:#c9963a}}

    """

  private static let layout = """
    *{box-sizing:border-box}
    [hidden]{display:none!important}
    html{-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-padding-top:3rem}
    body{margin:0;background:var(--page);color:var(--ink);font:14px/1.45 system-ui,-apple-system,"Segoe UI",\
    Roboto,"Noto Sans","DejaVu Sans",sans-serif;overflow-wrap:anywhere}
    header,main,footer,nav ul{max-width:80rem;margin:0 auto;padding:0 1.5rem}
    h1,h2,h3,p,ul,dl,dd,figure{margin:0}ul{padding:0;list-style:none}
    h1{font-size:1.45rem;line-height:1.25;letter-spacing:-.01em}
    h2{font-size:1.05rem;margin:2.25rem 0 .6rem}
    h3{font-size:.9rem;margin:1.1rem 0 .4rem;display:flex;flex-wrap:wrap;gap:.25rem .5rem;align-items:baseline}
    code,.id,.origin,.file{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;\
    font-size:.86em}
    .unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
    b,ins,del,dd,dt,th,code,.origin,.file,.id{unicode-bidi:isolate}
    a{color:inherit}
    :focus-visible{outline:2px solid var(--open);outline-offset:2px;border-radius:.2rem}
    .skip{position:absolute;left:-99rem;z-index:2}
    .skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.5rem 1rem;border-radius:.35rem}
    .good{color:var(--good)}.changed{color:var(--changed)}.bad{color:var(--bad)}.quiet{color:var(--soft)}
    .note,.count,.rest{color:var(--soft)}.note{font-size:.86em}
    .count{font-weight:400;font-size:.87rem;font-variant-numeric:tabular-nums}
    .card{background:var(--card);border:1px solid var(--line);border-radius:.5rem;overflow:hidden}
    .brand{display:flex;justify-content:space-between;gap:1rem;padding:1.1rem 0 .7rem;color:var(--soft)}
    .brand b{flex:none;color:var(--ink);letter-spacing:.01em}
    .banner{--tone:var(--good);--tone-tint:var(--good-tint);display:flex;gap:1rem;padding:1.1rem 1.25rem;\
    border-radius:.5rem;background:var(--tone-tint);border:1px solid var(--line);\
    border-left:.3rem solid var(--tone);color:inherit}
    .banner.changed{--tone:var(--changed);--tone-tint:var(--changed-tint);color:inherit}
    .banner.bad{--tone:var(--bad);--tone-tint:var(--bad-tint);color:inherit}
    .banner.open{--tone:var(--open);--tone-tint:var(--open-tint);color:inherit}
    .banner h1{color:var(--tone)}.banner p{margin-top:.2rem}.banner>div{min-width:0;flex:1}
    .mark{flex:none;width:2rem;height:2rem;border-radius:50%;background:var(--tone);color:var(--card);\
    display:grid;place-items:center;font-weight:700}
    .steps{margin-top:.9rem;display:grid;gap:.35rem}
    .steps div{display:grid;grid-template-columns:8.5rem 1fr;gap:.15rem 1rem;align-items:baseline}
    .steps dt{color:var(--soft)}
    .steps code{display:inline-block;background:var(--card);border:1px solid var(--line);border-radius:.35rem;\
    padding:.15rem .5rem;white-space:pre-wrap;user-select:all}
    .caveat{margin-top:.75rem;color:var(--open);font-weight:500}
    nav{position:sticky;top:0;z-index:1;background:var(--page);border-bottom:1px solid var(--line);\
    margin-top:.75rem}
    nav ul{display:flex;flex-wrap:wrap;gap:.1rem 1.25rem}
    nav a{display:block;padding:.55rem 0;text-decoration:none;color:var(--soft)}
    nav a:hover{color:var(--ink);text-decoration:underline}
    nav span{font-variant-numeric:tabular-nums;font-size:.86em}
    .tiles{display:grid;grid-template-columns:repeat(8,minmax(0,1fr));margin-top:1.25rem;background:var(--line);\
    gap:1px;border:1px solid var(--line);border-radius:.5rem;overflow:hidden}
    .tiles li{background:var(--card);padding:.7rem .9rem;display:flex;flex-direction:column}
    .tiles .label{color:var(--soft)}
    .tiles b{font-size:1.65rem;line-height:1.25;font-weight:600;font-variant-numeric:tabular-nums}
    .notice{margin-top:2rem;padding:.75rem 1rem;border-radius:.5rem;background:var(--open-tint);\
    border:1px solid var(--line);border-left:.3rem solid var(--open)}
    .notice li{color:var(--soft)}
    .controls{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;margin-bottom:.6rem}
    .controls label{color:var(--soft)}
    input,select{font:inherit;color:inherit;background:var(--card);border:1px solid var(--edge);\
    border-radius:.35rem;padding:.25rem .5rem;margin-left:.25rem}
    input{width:17rem;max-width:100%}
    .controls p{color:var(--soft);font-variant-numeric:tabular-nums}
    .findings li{padding:.45rem 1rem;display:grid;grid-template-columns:minmax(0,13rem) 1fr;gap:.15rem 1.5rem}
    .findings li+li{border-top:1px solid var(--line)}
    .findings p{grid-column:2}.findings i{color:var(--soft)}
    .findings .origin{color:var(--soft)}
    .dot{width:.55rem;height:.55rem;border-radius:50%;background:currentColor;display:inline-block}
    footer{color:var(--soft);padding-bottom:3rem}footer h2{color:var(--ink)}
    footer dl{display:grid;gap:.15rem;margin-bottom:1rem}
    footer dl div{display:grid;grid-template-columns:9rem 1fr;gap:1rem}
    footer p{margin-bottom:.35rem}

    """

  private static let charts = """
    .charts{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:.75rem;align-items:start}
    .chart{padding:.7rem 1rem .8rem}
    .chart caption,figcaption{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.1rem 1rem;\
    padding:0 0 .5rem;font-weight:600;color:var(--ink)}
    .bars caption{display:table-caption}.bars caption .legend{float:right}
    .legend{font-weight:400;color:var(--soft);font-size:.86em}
    .key{white-space:nowrap;margin-left:.6rem}
    .swatch{display:inline-block;width:.65rem;height:.65rem;border-radius:.15rem;margin-right:.3rem}
    .swatch.gained{background:var(--bar-gained)}.swatch.changed{background:var(--bar-changed)}
    .swatch.lost{background:var(--bar-lost)}.swatch.plain{background:var(--bar-plain)}
    .swatch.rekey{background:var(--bar-rekey)}.swatch.grant{background:var(--bar-grant)}
    .swatch.pending{background:none;border:1.5px dashed var(--soft)}
    rect.gained,rect.good{fill:var(--bar-gained)}rect.changed,rect.grant{fill:var(--bar-changed)}
    rect.lost,rect.bad{fill:var(--bar-lost)}rect.plain{fill:var(--bar-plain)}
    rect.rekey{fill:var(--bar-rekey)}rect.track{fill:var(--tint)}rect.limit{fill:var(--ink)}\
    rect.cut{fill:var(--card)}
    .bars rect,.plot rect{stroke:var(--card)}.bars rect.track{stroke:none}
    .plot rect.pending{fill:none;stroke-width:1.5;stroke-dasharray:4 2}
    .plot .pending.gained{stroke:var(--bar-gained)}.plot .pending.changed{stroke:var(--bar-changed)}
    .plot .pending.lost{stroke:var(--bar-lost)}
    .bars th,.bars td{border:0;padding:.16rem 0}
    .bars{table-layout:fixed}
    .bars th{width:38%;font-weight:400;padding-right:1rem;overflow-wrap:anywhere}
    .bars thead th{padding:0;line-height:0}
    .bars td div{display:flex;gap:.75rem;align-items:baseline}
    .bars svg{flex:1 1 6rem;min-width:4rem;height:.7rem;border-radius:.15rem}
    .bars .amount{flex:0 1 9.5rem;font-variant-numeric:tabular-nums}.bars b{font-weight:600}
    .rest{padding-top:.4rem}.card>.rest{padding:.4rem 1rem .6rem}.chart>.rest{padding:.4rem 0 0}
    .gauge{display:block;width:100%;min-width:7rem;height:.7rem;border-radius:.15rem;margin-top:.25rem}
    .trend{grid-column:1/-1}details{overflow-x:auto}
    .drawing{display:flex;gap:.5rem}.drawing svg{height:11rem}
    .scale{flex:none;width:2.4rem}.plot{flex:1;min-width:0}
    .drawing text{fill:var(--soft);font-size:.72rem;text-anchor:middle;font-variant-numeric:tabular-nums}
    .drawing .scale text{text-anchor:end}
    .plot line{stroke:var(--line)}.plot line.axis{stroke:var(--soft)}
    .shape path{fill:var(--card);stroke:var(--soft);stroke-width:1.75}
    .shape.bad path{stroke:var(--bar-lost);stroke-width:2.5}.shape.changed path{stroke:var(--bar-changed)}
    .drawing .shape{width:1px;height:1px;overflow:visible}
    .key svg{width:.8rem;height:.8rem;margin-right:.3rem;vertical-align:-.1rem}
    .chart:first-child:nth-last-child(n+3){grid-row:span 2}
    details summary{cursor:pointer;color:var(--soft);padding:.35rem 0}
    details.card{margin-bottom:.75rem}details.card summary{padding:.5rem 1rem}

    """

  private static let tables = """
    table{width:100%;border-collapse:collapse}
    caption{text-align:left;padding:.6rem 1rem .3rem;color:var(--soft)}
    th,td{padding:.4rem 1rem;text-align:left;vertical-align:top;border-top:1px solid var(--line);\
    overflow-wrap:break-word}
    thead th{border-top:0;color:var(--soft);font-weight:500;font-size:.9em;white-space:nowrap}
    .long{overflow-wrap:anywhere;min-width:11rem}.wide{width:22%}
    tbody th{font-weight:600}
    .number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
    .pill{display:inline-block;padding:0 .45rem;border-radius:1rem;font-size:.86em;font-weight:600;\
    background:var(--tint);white-space:nowrap}
    .pill.good{background:var(--good-tint)}.pill.bad,.pill.removal{background:var(--bad-tint)}
    .pill.removal{color:var(--bad)}.pill.grant{background:var(--changed-tint);color:var(--changed)}
    .pill.rekey{background:var(--violet-tint);color:var(--violet)}
    .file{display:inline-block;margin-right:.75rem}.problem{color:var(--soft);margin-top:.2rem}.problem.bad{color:var(--bad)}
    th button{font:inherit;color:inherit;background:none;border:0;padding:0;margin:0;cursor:pointer}
    th button:hover{color:var(--ink)}
    th button::after{content:"↕";display:inline-block;width:1.1em;text-align:right;opacity:.45}
    [aria-sort=ascending] button::after{content:"↑";opacity:1}
    [aria-sort=descending] button::after{content:"↓";opacity:1}
    [aria-sort] button{color:var(--ink)}
    .verb{white-space:nowrap;font-weight:500}
    .sign{display:inline-block;width:1.1em;font-weight:700}
    .id{display:block;color:var(--soft);font-size:.75rem;font-weight:400}
    .operations th:nth-child(2){width:24%}.operations td:nth-child(3){width:38%}
    .operations .note,.origin{display:block}
    td dl{display:grid;gap:.1rem}
    td dl div{display:grid;grid-template-columns:minmax(0,2fr) minmax(0,3fr);gap:.1rem .75rem;align-items:baseline}
    td dt{color:var(--soft);font-size:.93em}
    dl.new{display:block}dl.new div{display:inline-block;margin-right:.9rem}
    dl.new dt,dl.new dd{display:inline}dl.new dt::after{content:" "}
    .new ins{background:none;color:inherit;padding:0;margin:0}
    .none{color:var(--soft)}
    ins,del{text-decoration:none;white-space:pre-wrap;border-radius:.2rem;padding:0 .2rem;margin-left:-.2rem}
    ins{background:var(--good-tint);color:var(--good)}
    del{background:var(--bad-tint);color:var(--bad);text-decoration:line-through}
    ins:empty::before,del:empty::before{content:"(empty)";font-style:italic}
    .arrow{color:var(--soft);margin:0 .3rem 0 .1rem}

    """

  private static let screens = """
    .sorting{display:none}
    @media screen and (max-width:70rem){.tiles{grid-template-columns:repeat(4,minmax(0,1fr))}}
    @media screen and (max-width:60rem){.charts{grid-template-columns:minmax(0,1fr)}\
    .chart:first-child:nth-last-child(n+3){grid-row:auto}.minor{display:none}}
    @media screen and (max-width:46rem){header,main,footer,nav ul{padding:0 .9rem}.banner{padding:.9rem}\
    h1{font-size:1.2rem}nav{position:static}html{scroll-padding-top:0}
    .tiles{grid-template-columns:repeat(2,minmax(0,1fr))}.tiles b{font-size:1.35rem}
    .steps div,.findings li,footer dl div{grid-template-columns:minmax(0,1fr)}.findings p{grid-column:1}
    .bars caption .legend{float:none;display:block}.key:first-child{margin-left:0}
    .bars .amount{flex-basis:8rem}
    .stacking,.stacking tbody,.stacking tr,.stacking tbody th,.stacking td,.stacking caption{display:block}
    .stacking thead{display:block;position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
    details th,details td{padding:.3rem .5rem}
    .stacking tbody tr{border-top:1px solid var(--line);padding:.45rem 0}
    .stacking tbody th,.stacking td{border:0;padding:.12rem .9rem;width:auto!important}
    .stacking td{position:relative;padding-left:8.5rem;min-height:1.4em}.stacking td:empty{display:none}
    .stacking td::before{content:attr(data-label);position:absolute;left:.9rem;color:var(--soft);font-weight:400}
    .stacking .number{text-align:left}.operations .note{display:inline}.operations .note::before{content:" · "}
    td dl div{grid-template-columns:minmax(0,1fr)}.sorting{display:inline}
    input{width:12rem}}
    @media print{:root{color-scheme:light;--page:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#ccc;--edge:#777;\
    --tint:#eee;--good:#136a41;--good-tint:#fff;--changed:#7d4e00;--changed-tint:#fff;--bad:#a8221b;\
    --bad-tint:#fff;--open:#1d4fb8;--open-tint:#fff;--violet:#5b3fae;--violet-tint:#fff;--bar-gained:#2f8a5b;\
    --bar-changed:#a8741a;--bar-lost:#c8463e;--bar-plain:#6b7d94;--bar-rekey:#7f63c9;--bar-grant:#a8741a}
    @page{margin:14mm}body{font-size:9pt}header,main,footer{max-width:none;padding:0}
    .skip,nav,.controls,.minor{display:none!important}
    details::details-content{display:block;content-visibility:visible}
    @supports not selector(::details-content){details:not([open]){display:none!important}}
    summary{list-style:none}details{overflow:visible}
    svg,.swatch,.mark,.dot{-webkit-print-color-adjust:exact;print-color-adjust:exact}
    th button{display:contents}th button::after{content:none}thead{display:table-header-group}
    tr,li,.chart,.banner{break-inside:avoid}h2,h3{break-after:avoid}.card{overflow:visible}
    a{text-decoration:none}.charts{grid-template-columns:repeat(2,minmax(0,1fr))}\
    .tiles{grid-template-columns:repeat(4,minmax(0,1fr))}th,td{padding:.25rem .5rem}caption{padding:.5rem .5rem .25rem}\
    .operations{table-layout:fixed;overflow-wrap:anywhere}.operations th:nth-child(1){width:12%}\
    .operations th:nth-child(2){width:23%}.operations th:nth-child(3){width:40%}.long{min-width:0}\
    .bars svg{min-width:2rem}.bars th{padding-right:.5rem}.gauge{min-width:5rem}}
    """
}
