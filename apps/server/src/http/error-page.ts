/** A plain page for an error that a browser meets where an API answer would be of no use. It carries no text of callers. */
import { html } from 'ghtml'

export type PublicError = {
  readonly status: number
  /** Dotted path → message for 422, else `null`. */
  readonly fields: Readonly<Record<string, string>> | null
}

/** Renders an error as a whole HTML document. */
export type ErrorPage = (error: PublicError) => string

const titles: Readonly<Record<number, string>> = {
  400: 'This request cannot be read',
  401: 'The key of the shop is not valid',
  403: 'This payment is not available',
  404: 'There is nothing here',
  405: 'This cannot be done here',
  409: 'This has been done already',
  413: 'This request is too large',
  422: 'Some details are not right',
  429: 'Too many requests: please try again in a moment',
  503: 'The service is not available: please try again in a moment',
}

const fallbackTitle = 'Something went wrong on our side'

/** Content-Security-Policy of such a page. */
export const errorPagePolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors *"

/** The neutral page: no script, no image, no link. */
export function errorPage(error: PublicError): string {
  const title = titles[error.status] ?? fallbackTitle
  const fields = Object.entries(error.fields ?? {})
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>
:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;place-items:center}
main{max-width:32rem;padding:2rem}
h1{font-size:1.375rem;line-height:1.3}
code{font-size:.875rem}
</style>
</head>
<body>
<main>
<h1>${title}</h1>
!${fields.length === 0 ? '' : html`<ul>!${fields.map(([path, message]) => html`<li><code>${path}</code>: ${message}</li>`).join('')}</ul>`}
<p>${String(error.status)}</p>
</main>
</body>
</html>
`
}
