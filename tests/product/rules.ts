/**
 * The rules that must hold whatever happened, looked for in the database and in the providers' own books. Called when the
 * workers have nothing left to do. Each broken rule is one line of text.
 */
import type { Sql } from '../../apps/server/src/database/connect.ts'
import { verifyLedger } from '../../apps/server/src/ledger/verify.ts'
import type { LedgerEntry } from '../../apps/simulators/src/operations/operation.ts'
import { brokenDeliveries } from './delivery-rules.ts'
import type { Product } from './product.ts'
import { brokenProviders } from './provider-rules.ts'

type AttemptRow = {
  readonly account_id: string
  readonly payment_id: string
  readonly number: number
  readonly id: string
  readonly gateway_id: number
  readonly connector: string
  readonly reference: string
  readonly status: string
  readonly winner: boolean
  readonly decision: string | null
  readonly action: unknown
  readonly amount_minor: bigint
  readonly approved_amount_minor: bigint | null
  readonly late_approval: boolean
  readonly reversal_status: string | null
  readonly sent_at: Date
}

type PaymentRow = {
  readonly account_id: string
  readonly id: string
  readonly test_mode: boolean
  readonly status: string
  readonly payment_flow: string
  readonly source: string
  readonly amount: bigint
  readonly submissions: number
  readonly routing_runs: number
  readonly runs: number
  readonly due_at: Date | null
  /** Of what the providers were told: given back, captured, given up of a hold. In the currency the payer pays in. */
  readonly refunded: bigint
  readonly captured: bigint
  readonly held_minor: bigint
  readonly processed_amount_minor: bigint | null
  readonly refunded_amount_minor: bigint | null
  readonly only_final: boolean
  readonly refunds_done: number
  readonly refunds_failed: number
  readonly refunds_all: number
  /** By appeals, after the merchant was told other amounts. */
  readonly corrections: number
}

type EventRow = {
  readonly id: string
  readonly account_id: string
  readonly subject_id: string
  readonly subject_status: string
  readonly status: string
  readonly body: string
  /** `null` = a callback of the merchant API. */
  readonly shop_id: number | null
}

export type Books = {
  readonly payments: readonly PaymentRow[]
  readonly attempts: ReadonlyMap<string, readonly AttemptRow[]>
  readonly events: ReadonlyMap<string, readonly EventRow[]>
  /** Payments that a provider of requisites is asked about. */
  readonly followed: ReadonlySet<string>
  /** What each provider says it took, by our reference. */
  readonly providers: ReadonlyMap<string, LedgerEntry>
}

const none: readonly never[] = []

export async function readBooks(sql: Sql, product: Product): Promise<Books> {
  const payments = await sql<PaymentRow[]>`
    select p.account_id, p.id, p.test_mode, p.status, p.payment_flow, p.source, p.submissions, p.routing_runs, p.due_at,
      coalesce(p.payment_service_amount_minor, p.payment_amount_minor) as amount, p.processed_amount_minor, p.refunded_amount_minor,
      coalesce((a.options->>'callbacks_only_final')::boolean, false) as only_final,
      (select count(*)::int from routing_runs r where r.account_id = p.account_id and r.payment_id = p.id) as runs,
      coalesce(p.authorized_amount_minor, 0) - coalesce(p.processed_amount_minor, 0) - coalesce(p.voided_amount_minor, 0) as held_minor,
      (select count(*)::int from appeal_settlements s where s.account_id = p.account_id and s.payment_id = p.id and s.kind = 'corrected'
        and (s.processed_change_minor <> 0 or s.fee_change_minor <> 0 or s.reserved_change_minor <> 0)) as corrections,
      o.*
    from payments p join accounts a on a.id = p.account_id
    cross join lateral (
      select coalesce(sum(provider_amount_minor) filter (where gives_back and status = 'done'), 0)::bigint as refunded,
        coalesce(sum(provider_amount_minor) filter (where kind = 'capture' and status = 'done'), 0)::bigint as captured,
        count(*) filter (where gives_back and status = 'done')::int as refunds_done,
        count(*) filter (where gives_back and status = 'failed')::int as refunds_failed,
        count(*) filter (where gives_back)::int as refunds_all
      from (
        select *, kind = 'refund' or (kind = 'void' and p.payment_flow = 'charge') as gives_back
        from operations where account_id = p.account_id and payment_id = p.id
      ) as r
    ) as o order by p.id`
  const attempts = await sql<AttemptRow[]>`select * from attempts order by payment_id, number`
  const events = await sql<EventRow[]>`select * from callback_events order by id`
  const followed = await sql<{ payment_id: string }[]>`
    select payment_id from provider_payments where state = 'issued' and due_at is not null`
  return {
    payments,
    followed: new Set(followed.map(({ payment_id }) => payment_id)),
    attempts: Map.groupBy(attempts, (attempt) => attempt.payment_id),
    events: Map.groupBy(events, (event) => event.subject_id),
    providers: new Map(product.simulators.control.ledger().map((entry) => [entry.reference, entry])),
  }
}

/** Everything that is broken; empty = all rules hold. */
export async function brokenRules(product: Product): Promise<string[]> {
  const { sql } = product.ctx
  const books = await readBooks(sql, product)
  const broken = [...unknownCharges(books)]
  for (const payment of books.payments) {
    const attempts = books.attempts.get(payment.id) ?? none
    const found = [
      ...brokenMoney(payment, attempts, books),
      ...brokenHops(payment, attempts),
      ...brokenEnd(payment, attempts, books),
      ...(payment.source === 'card_api'
        ? []
        : brokenCallbacks(payment, attempts, books.events.get(payment.id) ?? none)),
    ]
    broken.push(...found.map((text) => `${payment.id} (${payment.status}): ${text}`))
  }
  for (const { check, culprits } of await verifyLedger(sql))
    broken.push(...culprits.map((one) => `ledger: ${check}: ${one}`))
  broken.push(...(await brokenProviders(product)))
  broken.push(...(await brokenDeliveries(product, books)), ...(await brokenNotifications(sql)), ...(await overdue(sql)))
  return broken
}

/** Rule 3: the provider never saw a charge that has no attempt. */
function unknownCharges(books: Books): string[] {
  const known = new Set([...books.attempts.values()].flat().map(({ reference }) => reference))
  return [...books.providers.keys()]
    .filter((reference) => !known.has(reference))
    .map((reference) => `${reference}: the provider has a charge without an attempt`)
}

/** Rule 1: what the payer is out of pocket for is what the payment says, and never more than its amount. */
function brokenMoney(payment: PaymentRow, attempts: readonly AttemptRow[], books: Books): string[] {
  const found: string[] = []
  let kept = 0n
  const paying: string[] = []
  for (const attempt of attempts) {
    // Requisites are paid at a bank, not by the provider: `brokenProviders` looks at them.
    if (givesRequisites(attempt)) continue
    const entry = books.providers.get(attempt.reference)
    const net = BigInt(entry?.net_amount ?? 0)
    kept += net
    if (net > 0n) paying.push(attempt.reference)
    const booked = payment.payment_flow === 'verify' ? 0n : (attempt.approved_amount_minor ?? attempt.amount_minor)
    const taken = payment.payment_flow === 'authorize' ? payment.captured : booked
    const expected = attempt.winner ? taken - payment.refunded : 0n
    // The acquirer claims more than was asked for: nobody may call that paid, and a person must look.
    const contradiction = attempt.status === 'unknown' && BigInt(entry?.charged_amount ?? 0) > attempt.amount_minor
    if (net !== expected && !contradiction)
      found.push(`attempt ${attempt.number} (${attempt.status}): the provider holds ${net}, the books say ${expected}`)
    found.push(...brokenHold(payment, attempt, BigInt(entry?.held_amount ?? 0)))
    if (attempt.winner && entry === undefined)
      found.push(`attempt ${attempt.number} won without a charge at the provider`)
    if (contradiction) kept -= net
  }
  if (kept > payment.amount) found.push(`captured ${kept} of ${payment.amount}`)
  if (paying.length > 1) found.push(`two attempts hold money: ${paying.join(', ')}`)
  if (attempts.filter(({ winner }) => winner).length > 1) found.push('two winners')
  return found
}

function givesRequisites({ connector }: AttemptRow): boolean {
  return connector === 'cascade'
}

const left: ReadonlySet<string> = new Set(['declined', 'not_sent'])
/** Nobody had seen the requisites, or nobody is to transfer there any more. */
const leftRequisites: ReadonlySet<string> = new Set([...left, 'orphaned', 'expired', 'cancelled'])

/** What a provider holds is what we say is held: of the winner's hold that was neither captured nor given up, and of nothing else. */
function brokenHold(payment: PaymentRow, attempt: AttemptRow, held: bigint): string[] {
  const expected = attempt.winner && payment.payment_flow === 'authorize' ? payment.held_minor : 0n
  return held === expected
    ? []
    : [`attempt ${attempt.number}: the provider holds back ${held}, the books say ${expected}`]
}

/** Rule 2: only an explicit decline, or proof that nothing was sent, leads to another attempt; never after the payer acted. */
function brokenHops(payment: PaymentRow, attempts: readonly AttemptRow[]): string[] {
  const found: string[] = []
  const again = attempts.slice(1).filter((_, i) => attempts[i]?.decision !== 'hop').length
  if (again > Math.max(0, payment.submissions - 1))
    found.push(`${again} attempts without hop, ${payment.submissions} submissions`)
  for (const [i, attempt] of attempts.entries()) {
    if (attempt.number !== i + 1) found.push(`attempt numbers are not in order at ${attempt.number}`)
    if (i < attempts.length - 1 && !(givesRequisites(attempt) ? leftRequisites : left).has(attempt.status))
      found.push(`went on after attempt ${attempt.number}, which is ${attempt.status}`)
    if (attempt.decision === 'hop' && attempt.action !== null)
      found.push(`hopped after the payer acted in ${attempt.number}`)
  }
  const gateways = new Set(attempts.map(({ reference }) => reference))
  if (gateways.size !== attempts.length) found.push('a reference was used twice')
  if (payment.runs !== payment.routing_runs)
    found.push(`${payment.routing_runs} routing runs, ${payment.runs} explained`)
  return found
}

const waiting = new Set(['created', 'process_pending', 'process_error'])

/** Nothing hangs: what is not final waits for something that will come. */
function brokenEnd(payment: PaymentRow, attempts: readonly AttemptRow[], books: Books): string[] {
  const found: string[] = []
  const open = attempts.filter(({ status }) => ['sent', 'incomplete', 'unknown'].includes(status))
  if (open.length > 1) found.push('two open attempts')
  if (open.some(({ status }) => status === 'sent')) found.push('an attempt is still sent')
  if (waiting.has(payment.status) && payment.due_at === null && !books.followed.has(payment.id))
    found.push('is not final, and nothing will look at it again')
  const known = open.filter(({ status, reference, amount_minor }) => {
    const entry = books.providers.get(reference)
    const clear =
      entry === undefined || entry.status === 'approved' || entry.status === 'declined' || entry.status === 'voided'
    return status === 'unknown' && clear && BigInt(entry?.charged_amount ?? 0) <= amount_minor
  })
  if (known.length > 0) found.push(`attempt ${known[0]?.number} is unknown to us and known to the provider`)
  const reversing = attempts.filter(
    (attempt) =>
      attempt.late_approval && !attempt.winner && !givesRequisites(attempt) && attempt.reversal_status !== 'done',
  )
  if (reversing.length > 0) found.push(`late approval of attempt ${reversing[0]?.number} is not reversed`)
  return found
}

const ends = [
  'processed',
  'partially_processed',
  'process_failed',
  'expired',
  'terminated',
  'verified',
  'verify_failed',
]

/**
 * Rule 6: one event for every final state, told in the order it happened. Money that came after a failure makes a second end, and
 * every correction by an appeal tells the same status once more.
 */
function brokenCallbacks(payment: PaymentRow, attempts: readonly AttemptRow[], all: readonly EventRow[]): string[] {
  const found: string[] = []
  const { corrections } = payment
  const isCorrection = ({ subject_status }: EventRow, i: number): boolean =>
    corrections > 0 && subject_status === all[i - 1]?.subject_status
  const events = all.filter((event, i) => !isCorrection(event, i))
  if (all.length - events.length !== corrections)
    found.push(`${corrections} corrections, ${all.length - events.length} of them told`)
  const count = (...statuses: string[]): number =>
    events.filter(({ subject_status }) => statuses.includes(subject_status)).length
  const final = count(...ends)
  const isFinal = !waiting.has(payment.status)
  const revived = count('process_failed') === 1 && attempts.some((one) => one.winner && one.late_approval)
  if (final !== (isFinal ? (revived ? 2 : 1) : 0)) found.push(`${final} events of a final state`)
  if (count('refunded', 'partially_refunded') !== payment.refunds_done) found.push('refunds and their events differ')
  if (count('refund_failed') !== payment.refunds_failed) found.push('failed refunds and their events differ')
  if (!payment.only_final && count('refund_pending') !== payment.refunds_all)
    found.push('started refunds and their events differ')
  const last = events.at(-1)
  const told = !payment.only_final || isFinal
  if (told && last?.subject_status !== payment.status) found.push(`the last event says ${last?.subject_status}`)
  for (const { id, subject_status, body } of events) {
    const { data } = JSON.parse(body) as { data: { id: string; attributes: { status: string } } }
    if (data.id !== payment.id || data.attributes.status !== subject_status)
      found.push(`event ${id} has the body of another state`)
  }
  return found
}

/** Rule 6 for the Card API: a transaction that is final was told once, one that is not was never told. */
async function brokenNotifications(sql: Sql): Promise<string[]> {
  const rows = await sql<{ row: string }[]>`
    select concat_ws(' ', t.type, t.uid, 'of', p.id, p.status, coalesce(o.status, ''), 'has', e.told, 'notifications') as row
    from card_transactions t
    join payments p on p.account_id = t.account_id and p.id = t.payment_id
    left join operations o on o.account_id = t.account_id and o.payment_id = t.payment_id and o.id = t.operation_id
    cross join lateral (
      select count(*) as told from callback_events e where e.account_id = t.account_id and e.subject_id = t.uid
    ) as e
    where t.request ->> 'notification_url' is not null
      and e.told <> case when coalesce(o.status in ('done', 'failed'), p.status not in ('created', 'processing', 'process_pending', 'process_error')) then 1 else 0 end`
  return rows.map(({ row }) => row)
}

async function overdue(sql: Sql): Promise<string[]> {
  const rows = await sql<{ row: string }[]>`
    select 'payment ' || id || ' is overdue' as row from payments where due_at < now() or leased_until > now()
    union all select kind || ' ' || id || ' is overdue' from operations where due_at < now() or leased_until > now() or status in ('sent', 'unknown')
    union all select 'provider event ' || id || ' is ' || status from provider_events where due_at is not null or status not in ('handled', 'refused')
    union all select 'provider payment ' || attempt_id || ' is overdue' from provider_payments where due_at < now() or leased_until > now()
    union all select 'callback ' || id || ' is overdue' from callback_events where due_at is not null`
  return rows.map(({ row }) => row)
}

/** Errors that the processes wrote themselves: faults that nobody should have met. */
export function faultsIn(output: string): string[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{') && line.includes('"msg":"fault"'))
    .map((line) => {
      const { place, err } = JSON.parse(line) as { place: string; err?: { message?: string; stack?: string } }
      return `${place}: ${err?.message} ${err?.stack?.split('\n').slice(1, 4).join(' ') ?? ''}`
    })
}
