import { html } from 'ghtml'
import { InvalidFields, type Problem } from '../../http/problem.ts'
import type { Page } from '../page.ts'
import type { Texts } from '../texts/texts.ts'
import { statusPage } from './status-page.ts'

/** A refusal in the payer's language: no amounts, nothing of the request but the names of wrong fields. */
export function refusalPage(error: Problem | InvalidFields, words: Texts): Page {
  const { errors } = words
  const status = error instanceof InvalidFields ? 422 : error.status
  const title = titles(words)[status] ?? errors.unavailable
  const text = status === 410 ? errors.gone_text : status === 422 ? errors.invalid_text : errors.text
  const fields = error instanceof InvalidFields ? Object.entries(error.fields) : []
  const list = fields.map(
    ([path, message]) => html`<div><dt><code>${path}</code></dt><dd lang="en">${message}</dd></div>`,
  )
  const main = statusPage({ tone: 'warning', title, text: [text], amount: null, facts: [], actions: [] })
  return {
    status,
    view: 'refused',
    title,
    account: null,
    here: null,
    main: html`!${main}!${list.length > 0 ? html`<dl class="facts">!${list.join('')}</dl>` : ''}`,
  }
}

function titles({ errors }: Texts): Readonly<Record<number, string>> {
  return {
    400: errors.bad_request,
    401: errors.unauthorized,
    403: errors.forbidden,
    404: errors.not_found,
    410: errors.gone,
    413: errors.bad_request,
    422: errors.invalid,
    429: errors.too_many,
  }
}
