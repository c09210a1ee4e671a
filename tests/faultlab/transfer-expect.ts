/**
 * What must become of a payment by transfer, by rule alone: pure, and written from the tables of the Cascade API, 4.1 to 4.5, with
 * 7.2, 7.3, 8.3 and 11.4. The payment is of 855.00 RUB, which are 10 USDT.
 */
import type { TransferRow } from './transfer-row.ts'
import type { Shape } from './transfer-trouble.ts'

export const asked_minor = 85_500n
export const settled_minor = 10_000_000n

export type ExpectedTransfer = {
  /** At the first provider, and at the second when it is asked. */
  readonly states: readonly string[]
  readonly attempts: readonly string[]
  readonly status: string
  readonly processed_minor: bigint | null
  readonly debited: readonly bigint[]
  /** Statuses the merchant is told, oldest first. */
  readonly told: readonly string[]
  /** What the search says of the first provider. */
  readonly health: 'healthy' | 'failure' | 'not counted'
  /** Questions that were not answered count too. */
  readonly fails_later: boolean
  readonly barred: 'misconfigured' | 'paused' | null
  /** Of the first provider. */
  readonly cases: readonly string[]
  readonly cancel: 'delivered' | 'declined' | 'undelivered' | null
  readonly appeal: readonly [state: string, note: string, undelivered: 'create' | 'close' | null] | null
}

type Reading = {
  readonly state: 'issued' | 'refused' | 'violation' | 'not_sent' | 'unknown'
  readonly health: ExpectedTransfer['health']
  readonly barred?: ExpectedTransfer['barred']
  /** The id of an order that nobody will pay is known, or becomes known. */
  readonly orphan?: true
  readonly duplicate?: true
}

/** Statuses by which an endpoint that says nothing in JSON is not the one that was agreed on. */
const notOurs: ReadonlySet<number> = new Set([401, 403, 404, 405, 415])
const usable: ReadonlySet<string> = new Set(['right', 'success'])
const named: ReadonlySet<string> = new Set(['appeal', 'odd status', 'incomplete'])

/** Table 4.1. */
export function readCreate(shape: Shape): Reading {
  if (shape.seen === 'nobody listens') return { state: 'not_sent', health: 'failure' }
  if (shape.seen === 'nothing') return { state: 'unknown', health: 'failure' }
  if (shape.seen === 'too late') return { state: 'unknown', health: 'failure', orphan: true }
  const { status, body } = shape
  if (status >= 500) return { state: 'unknown', health: 'failure', ...(body === 'order' && { orphan: true }) }
  if (status === 401 || (notOurs.has(status) && body === 'plain'))
    return { state: 'refused', health: 'not counted', barred: 'misconfigured' }
  if (status === 429 || body === 'amount out of range') return { state: 'refused', health: 'healthy', barred: 'paused' }
  if (status >= 400 || body === 'failed') return { state: 'refused', health: 'healthy' }
  if (status >= 300) return { state: 'violation', health: 'failure', barred: 'misconfigured' }
  if (usable.has(body)) return { state: 'issued', health: 'healthy' }
  if (body === 'known id') return { state: 'violation', health: 'failure', duplicate: true }
  if (named.has(body)) return { state: 'violation', health: 'failure', orphan: true }
  return body === 'without id' ? { state: 'violation', health: 'failure' } : { state: 'unknown', health: 'failure' }
}

/** Table 4.2. `word` = what the desk itself says. */
export function readGet(shape: Shape): 'word' | 'appeal' | 'not found' | 'error' {
  if (shape.seen !== 'answer') return 'error'
  const { status, body } = shape
  if (status === 404) return 'not found'
  if (status < 200 || status >= 300) return 'error'
  if (body === 'appeal') return 'appeal'
  return body === 'right' || body === 'success' || body === 'failed' ? 'word' : 'error'
}

/** Tables 4.3 to 4.5: taken, refused, or to be said again. `known` = statuses that also mean that it is so. */
function readOrder(shape: Shape, known: readonly number[]): 'taken' | 'refused' | 'unheard' {
  if (shape.seen !== 'answer') return 'unheard'
  const { status } = shape
  if ((status >= 200 && status < 300) || known.includes(status)) return 'taken'
  return status >= 400 && status < 500 ? 'refused' : 'unheard'
}

const paid = { status: 'processed', processed_minor: asked_minor } as const
const failed = { status: 'process_failed', processed_minor: null } as const
const atOnce = ['process_pending', 'processed']
const lost = ['process_pending', 'process_failed']
const revived = [...lost, 'processed']
const shown = { health: 'healthy', barred: null, appeal: null } as const

export function expectedTransfer(row: TransferRow): ExpectedTransfer {
  switch (row.step) {
    case 'create':
      return ofCreate(row)
    case 'get':
      return ofGet(row)
    case 'cancel':
      return ofCancel(row)
    default:
      return ofAppeal(row)
  }
}

const attemptAfter = {
  issued: 'approved',
  refused: 'declined',
  violation: 'declined',
  not_sent: 'not_sent',
  unknown: 'orphaned',
} as const

/** Whoever gives requisites is paid; everything else leads to the second provider, and holds nothing at the first. */
function ofCreate({ trouble }: TransferRow): ExpectedTransfer {
  const { state, health, barred = null, orphan, duplicate } = readCreate(trouble.shape)
  const issued = state === 'issued'
  return {
    ...paid,
    states: issued ? ['success'] : [state, 'success'],
    attempts: issued ? ['approved'] : [attemptAfter[state], 'approved'],
    debited: issued ? [settled_minor] : [0n, settled_minor],
    told: atOnce,
    health,
    fails_later: false,
    barred,
    cases: [...(duplicate ? ['duplicate_reference'] : []), ...(trouble.money === 'orphan' ? ['orphan_success'] : [])],
    cancel: orphan ? 'delivered' : null,
    appeal: null,
  }
}

/** No answer, and no word but `success` and `failed`, changes anything; what was not paid in its time is over, until it is paid. */
function ofGet({ trouble }: TransferRow): ExpectedTransfer {
  const { shape, money, short } = trouble
  const reading = readGet(shape)
  const base = { ...shown, fails_later: reading === 'error' || reading === 'not found' }
  const now = { ...base, ...paid, states: ['success'], debited: [settled_minor], told: atOnce, cases: [], cancel: null }
  const cases = reading === 'appeal' ? ['unexpected_appeal'] : reading === 'not found' ? ['provider_lost_payment'] : []
  if (shape.seen === 'answer' && shape.body === 'failed' && reading === 'word')
    return {
      ...base,
      ...failed,
      states: ['failed'],
      attempts: ['declined'],
      debited: [0n],
      told: lost,
      cases,
      cancel: null,
    }
  const over = { ...base, attempts: ['expired'], cases, cancel: 'delivered' } as const
  if (money === 'unpaid') return { ...over, ...failed, states: ['expired'], debited: [0n], told: lost }
  if (money === 'taken back') return { ...now, attempts: ['approved'], cases: ['status_regression'] }
  if (money === 'late' || (reading !== 'word' && !short))
    return { ...over, ...paid, states: ['success'], debited: [settled_minor], told: revived }
  return { ...now, attempts: ['approved'] }
}

/** Whether the provider hears of it or not, the payer goes on; money that comes is booked by what else was paid. */
function ofCancel({ trouble }: TransferRow): ExpectedTransfer {
  const { shape, money, gives_up, closed } = trouble
  const heard = readOrder(shape, [])
  const cancel = ({ taken: 'delivered', refused: 'declined', unheard: 'undelivered' } as const)[heard]
  const cases = heard === 'unheard' ? ['cancel_undelivered'] : []
  const base = { ...shown, fails_later: closed === true, cancel }
  if (gives_up) {
    const came = money === 'after cancel'
    return {
      ...base,
      status: 'terminated',
      processed_minor: null,
      states: [came ? 'success' : 'cancelled'],
      attempts: ['cancelled'],
      debited: [came ? settled_minor : 0n],
      told: ['process_pending', 'terminated'],
      cases: came ? ['late_success'] : cases,
    }
  }
  const both = { ...base, ...paid, told: atOnce }
  if (money === 'after cancel')
    return {
      ...both,
      states: ['success', 'cancelled'],
      attempts: ['cancelled', 'cancelled'],
      debited: [settled_minor, 0n],
      cases,
    }
  const attempts = ['cancelled', 'approved']
  if (money === 'both')
    return {
      ...both,
      states: ['success', 'success'],
      attempts,
      debited: [settled_minor, settled_minor],
      cases: ['double_success'],
    }
  return { ...both, states: ['cancelled', 'success'], attempts, debited: [0n, settled_minor], cases }
}

/** Nobody has paid in time, and the merchant appeals. Money follows the decision, whatever the provider hears of it. */
function ofAppeal({ step, trouble }: TransferRow): ExpectedTransfer {
  const { shape, closed, arrives, desk = 'issue_never' } = trouble
  // A desk that is left to itself says `failed` when the window is over, and need not be told.
  const says_so = desk !== 'issue_never'
  const base = {
    ...shown,
    fails_later: closed === true,
    attempts: [says_so ? 'declined' : 'expired'],
    cancel: says_so ? null : 'delivered',
  } as const
  const won = { ...base, ...paid, states: ['success'], debited: [settled_minor], told: revived, cases: [] }
  if (step === 'create appeal') {
    const heard = readOrder(shape, [409])
    const note = heard === 'taken' ? 'accepted' : 'decided'
    return { ...won, appeal: ['confirmed', note, heard === 'unheard' ? 'create' : null] }
  }
  const heard = readOrder(shape, [404, 409])
  const undelivered = heard === 'unheard' ? 'close' : null
  const cases = heard === 'refused' ? ['appeal_close_refused'] : []
  // Once the decision stands nobody is asked any more.
  if (step === 'confirm') return { ...won, fails_later: false, cases, appeal: ['confirmed', 'accepted', undelivered] }
  // What the provider was never told, it goes on saying.
  const still = !arrives && !closed ? ['unexpected_appeal'] : []
  return {
    ...base,
    ...failed,
    states: [says_so ? 'failed' : 'expired'],
    debited: [0n],
    told: lost,
    cases: [...cases, ...still],
    appeal: ['cancelled', 'withdrawn', undelivered],
  }
}
