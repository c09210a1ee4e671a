/** What a test may ask of one call, in the words of test scenarios; the table of test cards uses the same words. */
import type { Answer } from '../terminals/script.ts'

export type AuthenticationWord = 'Y' | 'A' | 'C' | 'N' | 'U' | 'R'

export type Step =
  | { readonly kind: 'approve' }
  | { readonly kind: 'decline'; readonly code: string; readonly advice_code: string | null }
  /** A unified code: S approves, F declines, P stays pending. */
  | { readonly kind: 'code'; readonly code: string }
  /** Nobody listens: nothing is sent. */
  | { readonly kind: 'refuse_connection' }
  /** The charge goes as ever, but its answer is lost. */
  | { readonly kind: 'lost'; readonly answer: Answer; readonly found_after_ms: number }
  | { readonly kind: 'authenticate'; readonly word: AuthenticationWord }
  | { readonly kind: 'slow'; readonly delay_ms: number }

const lost = (answer: Answer, found_after_ms = 0): Step => ({ kind: 'lost', answer, found_after_ms })

const plainSteps: Readonly<Record<string, Step>> = {
  approve: { kind: 'approve' },
  refuse_connection: { kind: 'refuse_connection' },
  'timeout:charged': lost('timeout_after'),
  'timeout:not_charged': lost('timeout_before'),
  'http500:charged': lost('error_after'),
  'http500:not_charged': lost('error_before'),
  'malformed:charged': lost('broken_json'),
}

const delay_ms_max = 60_000
const found_after_s_max = 86_400

/** Reads one step; `null` = not a step. */
export function parseStep(text: string): Step | null {
  if (Object.hasOwn(plainSteps, text)) return plainSteps[text] as Step
  const [word = '', first = '', second] = text.split(':')
  if (word === 'decline' && /^[0-9A-Z]{2}$/.test(first) && (second === undefined || /^[0-9A-Z]{2}$/.test(second)))
    return { kind: 'decline', code: first, advice_code: second ?? null }
  if (word === 'code' && /^[SFP]\.\d{4}$/.test(first) && second === undefined) return { kind: 'code', code: first }
  if (word === '3ds' && /^[YACNUR]$/.test(first) && second === undefined)
    return { kind: 'authenticate', word: first as AuthenticationWord }
  if (word === 'slow' && /^\d{1,6}$/.test(first) && second === undefined)
    return { kind: 'slow', delay_ms: Math.min(Number(first), delay_ms_max) }
  if (word === 'late' && /^\d{1,6}$/.test(first) && second === 'charged')
    return lost('timeout_after', Math.min(Number(first), found_after_s_max) * 1000)
  return null
}

/** Steps by gateway number or `*`: one per call, the last one repeats. */
export type Scenario = Readonly<Record<string, unknown>>

/** The step of the call that is number `index` of its payment at this gateway, from 0. `null` = the scenario is silent here. */
export function stepOf(scenario: Scenario, gateway_id: number | null, index: number): Step | null {
  const own = gateway_id === null ? undefined : scenario[String(gateway_id)]
  const wanted = own ?? scenario['*']
  const steps = Array.isArray(wanted) ? wanted : [wanted]
  const step: unknown = steps[Math.min(index, steps.length - 1)]
  return typeof step === 'string' ? parseStep(step) : null
}

/** Which call of its payment each reference was, by gateway. A repeat of a reference is the same call. */
export type CallCounter = { readonly indexOf: (terminal: string, reference: string) => number }

const payments_max = 50_000

/** References are `{payment serial}-{attempt number}`: the calls of one serial are counted. */
export function createCallCounter(): CallCounter {
  const calls = new Map<string, string[]>()
  return {
    indexOf(terminal, reference) {
      const payment = `${terminal}\n${reference.replace(/-\d+$/, '')}`
      const references = calls.get(payment) ?? []
      const known = references.indexOf(reference)
      if (known >= 0) return known
      references.push(reference)
      calls.set(payment, references)
      if (calls.size > payments_max) calls.delete(calls.keys().next().value as string)
      return references.length - 1
    },
  }
}
