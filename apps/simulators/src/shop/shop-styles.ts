export const shopStyles = `
:root{--bg:#f6f3ee;--card:#fff;--ink:#22201c;--soft:#655f55;--line:#ddd5c8;--accent:#8a3b12;--on-accent:#fff;--tint:#f3e3d3;--good:#1c6b3c;--bad:#a4281e;--field:#fff}
@media(prefers-color-scheme:dark){:root{--bg:#171512;--card:#211e1a;--ink:#f1ece4;--soft:#b5ab9d;--line:#3d372f;--accent:#f0a873;--on-accent:#23150a;--tint:#33271c;--good:#79d19b;--bad:#ff9d92;--field:#191714}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
header,main,footer{max-width:64rem;margin:0 auto;padding:0 16px}
header{display:flex;flex-wrap:wrap;gap:4px 24px;align-items:center;justify-content:space-between;padding-top:16px;padding-bottom:8px}
.brand{font:700 1.3rem/1.2 Georgia,"Times New Roman",serif;color:var(--ink);text-decoration:none;display:inline-flex;align-items:center;gap:10px;min-height:44px}
.brand svg{width:30px;height:30px;color:var(--accent)}
nav a{display:inline-block;padding:10px 12px;border-radius:8px;color:var(--ink);text-underline-offset:4px}
nav a[aria-current]{font-weight:700;text-decoration:none;background:var(--tint)}
h1{font:700 1.7rem/1.2 Georgia,"Times New Roman",serif;margin:16px 0 8px}
h1.shelf{margin-top:40px}
h2{font-size:1.1rem;line-height:1.3;margin:0}
p{margin:8px 0}
a{color:var(--accent)}
.soft{color:var(--soft);font-size:.92rem}
.products{list-style:none;margin:20px 0;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,13.5rem),1fr));gap:16px}
.products li,.card{background:var(--card);border:1px solid var(--line);border-radius:16px;padding:16px}
.products li{display:flex;flex-direction:column;gap:6px}
.picture{background:var(--tint);border-radius:12px;display:grid;place-items:center;padding:20px;color:var(--accent);margin-bottom:6px}
.picture svg{width:84px;height:84px}
svg{fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.price{font-size:1.25rem;font-weight:700;font-variant-numeric:tabular-nums}
.push{margin-top:auto}
form{margin:0}
button,.button{font:inherit;font-weight:600;min-height:48px;width:100%;padding:10px 18px;border-radius:12px;border:1px solid var(--line);background:var(--card);color:var(--ink);cursor:pointer;text-decoration:none;display:grid;place-items:center;text-align:center}
button.main,.button.main{background:var(--accent);border-color:var(--accent);color:var(--on-accent)}
button.plain{min-height:44px;font-weight:500;font-size:.95rem;border-color:transparent;color:var(--accent);text-decoration:underline;text-underline-offset:3px}
button:hover,.button:hover{filter:brightness(1.06)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.narrow{max-width:30rem;margin:16px auto}
.buttons{display:grid;gap:10px;margin-top:20px}
dl{display:grid;grid-template-columns:auto 1fr;gap:4px 16px;margin:12px 0}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
.note{border-left:4px solid var(--accent);background:var(--tint);border-radius:0 8px 8px 0;padding:8px 12px;margin:12px 0}
details{border:1px solid var(--line);border-radius:12px;background:var(--card);margin:12px 0;padding:0 16px}
summary{cursor:pointer;padding:12px 0;min-height:44px}
.events{list-style:none;margin:16px 0;padding:0;display:grid;gap:12px}
.events .card{display:grid;gap:4px}
.top{display:flex;flex-wrap:wrap;gap:4px 12px;align-items:baseline;justify-content:space-between}
.status{font-weight:700}
.good{color:var(--good)}.bad{color:var(--bad)}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,monospace;font-size:.9em;overflow-wrap:anywhere}
pre{white-space:pre-wrap;margin:0 0 12px}
.events details{margin:6px 0 0;background:transparent}
.control{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,13rem),1fr));gap:12px 16px;align-items:end;margin:8px 0 16px}
label{display:grid;gap:4px;font-size:.92rem}
input,select{min-width:0;font:inherit;padding:8px 10px;min-height:48px;border-radius:12px;border:1px solid var(--soft);background:var(--field);color:var(--ink);width:100%}
@media(min-width:44rem){.events dl{grid-template-columns:auto 1fr auto 1fr}}
footer{padding-top:16px;padding-bottom:32px}
`
