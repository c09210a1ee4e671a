export const styles = `
:root{--bg:#eef1f6;--card:#fff;--ink:#17202e;--soft:#5a6779;--line:#d5dce6;--accent:#1f4fd8;--on-accent:#fff;--good:#0a7a45;--bad:#b3261e;--field:#fff}
@media(prefers-color-scheme:dark){:root{--bg:#10151d;--card:#1a212c;--ink:#e8edf5;--soft:#a3b0c2;--line:#334052;--accent:#8fb0ff;--on-accent:#0c1524;--good:#5fd6a0;--bad:#ff9d94;--field:#121821}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{background:var(--card);border:1px solid var(--line);border-radius:16px;padding:24px;margin:16px auto;box-shadow:0 1px 2px #0001,0 12px 32px #0001}
.narrow main{max-width:27rem}
.narrow{padding:0 12px}
.wide main{max-width:76rem;margin:16px}
@media(min-width:78rem){.wide main{margin:24px auto}}
h1{font-size:1.35rem;line-height:1.25;margin:0 0 4px}
h2{font-size:1.05rem;margin:0}
p{margin:8px 0}
.soft{color:var(--soft);font-size:.92rem}
.bank{display:flex;align-items:center;gap:12px;margin-bottom:16px}
.mark{width:40px;height:40px;border-radius:12px;background:var(--accent);color:var(--on-accent);display:grid;place-items:center;font-weight:700}
.amount{font-size:clamp(1.25rem,7vw,2rem);line-height:1.2;font-weight:700;font-variant-numeric:tabular-nums;margin:8px 0;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:auto 1fr;gap:6px 16px;margin:16px 0;border-top:1px solid var(--line);padding-top:16px}
dt{color:var(--soft)}dd{margin:0;text-align:right;overflow-wrap:anywhere}
.buttons{display:grid;gap:10px;margin-top:20px}
button,.button{font:inherit;font-weight:600;min-height:48px;padding:10px 18px;border-radius:12px;border:1px solid var(--line);background:var(--card);color:var(--ink);cursor:pointer;text-decoration:none;display:grid;place-items:center}
button.main{background:var(--accent);border-color:var(--accent);color:var(--on-accent)}
button.bad{color:var(--bad)}
button.small{min-height:36px;padding:4px 12px;font-size:.9rem}
button:hover{filter:brightness(1.06)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
nav.languages{display:flex;gap:4px;justify-content:center;margin:12px 0 24px}
nav.languages a{color:var(--ink);padding:8px 12px;border-radius:8px;text-underline-offset:3px}
nav.languages a[aria-current]{font-weight:700;text-decoration:none}
a{color:var(--accent)}
.note{border-left:4px solid var(--accent);padding:4px 12px;background:color-mix(in srgb,var(--accent) 8%,transparent);border-radius:0 8px 8px 0}
.good{color:var(--good)}.bad{color:var(--bad)}
details{border:1px solid var(--line);border-radius:12px;margin:10px 0;padding:0 16px}
summary{cursor:pointer;padding:12px 0;display:flex;flex-wrap:wrap;gap:4px 12px;align-items:baseline}
summary{list-style:none}
summary::-webkit-details-marker{display:none}
summary::before{content:"";align-self:center;width:8px;height:8px;border:solid var(--soft);border-width:0 2px 2px 0;transform:rotate(-45deg)}
details[open]>summary::before{transform:rotate(45deg)}
form.script{display:grid;grid-template-columns:repeat(auto-fill,minmax(14rem,1fr));gap:12px 16px;padding:4px 0 16px;align-items:end}
form.script label{display:grid;gap:4px;font-size:.9rem}
form.script .check{display:flex;gap:8px;align-items:center;min-height:42px}
input,select{font:inherit;padding:8px 10px;min-height:42px;border-radius:8px;border:1px solid var(--line);background:var(--field);color:var(--ink);width:100%}
input[type=checkbox]{width:20px;height:20px;min-height:0}
.scroll{overflow-x:auto;margin:12px 0}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;padding:8px 10px;border-bottom:1px solid var(--line);white-space:nowrap;vertical-align:top}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}
code{font-family:ui-monospace,SFMono-Regular,Menlo,monospace;font-size:.92em}
.row{display:flex;flex-wrap:wrap;gap:8px 16px;align-items:center;justify-content:space-between}
.inline{display:inline-flex;gap:6px;flex-wrap:wrap}
iframe.figures{display:block;width:100%;border:1px solid var(--line);border-radius:12px;background:var(--card);margin:12px 0}
.terminal{border-top:1px solid var(--line);padding:12px 0 4px;scroll-margin-top:8px}
.presets{display:flex;flex-wrap:wrap;gap:8px 12px;align-items:center}
.choices{display:flex;flex-wrap:wrap;gap:6px;margin-left:auto}
@media(max-width:48rem){.choices{margin-left:0;width:100%}iframe.figures{height:60vh}}
button[aria-pressed=true]{background:var(--accent);border-color:var(--accent);color:var(--on-accent)}
.terminal details{margin:8px 0}
.framed{background:var(--card);font-size:.92rem}
.framed main{border:0;box-shadow:none;margin:0;padding:8px 16px}
.framed ul{list-style:none;margin:0;padding:0}
.framed li{border-top:1px solid var(--line);padding:6px 0}
.framed .row{gap:0 16px}
.framed li svg{display:block;width:100%;height:6px;margin-top:4px;border-radius:3px;background:var(--bg)}
.counts{font-variant-numeric:tabular-nums;display:flex;flex-wrap:wrap;gap:0 12px}
rect.good{fill:var(--good)}rect.bad{fill:var(--bad)}rect.lost{fill:#c98500}rect.soft{fill:var(--soft)}
.lost{color:#8a5a00}
@media(prefers-color-scheme:dark){.lost{color:#f0bd5a}}
.short{width:auto;max-width:100%;min-height:36px;padding:4px 10px;font-size:.9rem}
input.short{width:6.5rem}
h3{font-size:.95rem;margin:14px 0 4px}
summary h3{margin:0}
.columns{list-style:none;margin:0 0 12px;padding:0;columns:22rem;font-size:.92rem}
.columns li{break-inside:avoid;padding:3px 0;overflow-wrap:anywhere}
.items{list-style:none;margin:0;padding:0}
.items li{border-top:1px solid var(--line);padding:10px 0;font-size:.92rem}
.items .row{align-items:baseline}
.facts{color:var(--soft);overflow-wrap:anywhere}
.state{border:1px solid currentColor;border-radius:999px;padding:0 8px;margin-left:6px;font-size:.85rem}
.acts{display:inline-flex;flex-wrap:wrap;gap:6px;margin:8px 16px 0 0}
.items pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:6px 0;padding:8px 10px;border-radius:8px;background:var(--bg);font-size:.85rem}
details.bare{border:0;margin:0;padding:0}
details.bare summary{padding:0}
.inline-list{list-style:none;padding:0;margin:4px 0 12px;display:flex;flex-wrap:wrap;gap:4px 16px}
`
