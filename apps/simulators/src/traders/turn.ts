/** One request to a desk: what the handler found out, and how the wire is to spoil the answer. */
import type { HttpAnswer } from '@cascad/provider-kit'

export type Spoil =
  | { readonly kind: 'hang' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'delay'; readonly delay_ms: number }
  | { readonly kind: 'rewrite'; readonly rewrite: (answer: HttpAnswer) => HttpAnswer }

export type Turn = { spoil: Spoil | null }

/** Replaces the whole answer. */
export function say(status: number, body: string, headers: Record<string, string> = {}): Spoil {
  return { kind: 'rewrite', rewrite: () => ({ status, headers: { 'content-type': 'text/html', ...headers }, body }) }
}

/** Changes the document of a right answer, which then has status 200. */
export function edit(change: (document: Record<string, unknown>) => object): Spoil {
  return {
    kind: 'rewrite',
    rewrite: (answer) => ({ ...answer, status: 200, body: JSON.stringify(change(JSON.parse(answer.body))) }),
  }
}
