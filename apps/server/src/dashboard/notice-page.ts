/** What stands at the dashboard's address while the dashboard is not there. */
import { html } from 'ghtml'

export type Absence = 'building' | 'failed' | 'none'

const words: Readonly<Record<Absence, readonly [title: string, text: string]>> = {
  building: [
    'The dashboard is being built',
    'It takes a few seconds. This page opens it by itself; reload it if it does not.',
  ],
  failed: [
    'The dashboard could not be built',
    'Payments go on without it. The log of the server says why; "npm run dashboard:build" tries again.',
  ],
  none: [
    'The dashboard is not built',
    'Payments go on without it. Run "npm run dashboard:build" on the server and reload this page.',
  ],
}

export const noticePolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"

export function noticePage(absence: Absence): string {
  const [title, text] = words[absence]
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
!${absence === 'building' ? '<meta http-equiv="refresh" content="2">' : ''}
<title>${title}</title>
<style>
:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;place-items:center}
main{max-width:32rem;padding:2rem}
h1{font-size:1.375rem;line-height:1.3}
</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${text}</p>
</main>
</body>
</html>
`
}
