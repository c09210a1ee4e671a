/** What became of a payment by transfer, its holds, its merchant's money, the breaker and the cases, beside what the rules say. */
import type { Verdict } from './judge.ts'
import { expectedTransfer, settled_minor } from './transfer-expect.ts'
import { appealOf, healthOf, type TransferStory } from './transfer-play.ts'
import { textOfTransfer } from './transfer-row.ts'

type Row = {
  readonly gateway_id: number
  readonly attempt_id: string
  readonly state: string
  readonly attempt: string
  readonly winner: boolean
  readonly reference: string | null
  readonly cancel_status: string | null
  readonly held_minor: bigint
  readonly settled: string
  readonly debited_minor: bigint
}

type Facts = {
  readonly rows: readonly Row[]
  readonly payment: { readonly status: string; readonly processed_minor: bigint | null } | undefined
  readonly cases: readonly string[]
  readonly barred: string | null
  readonly told: readonly string[]
}

/** `broken`: lines about the whole world; those that name something of this row are its own. */
export async function judgeTransfer(story: TransferStory, broken: readonly string[]): Promise<Verdict> {
  const { lane, answers, health } = story
  const expected = expectedTransfer(lane.row)
  const { rows, payment, cases, barred, told } = await readFacts(story)
  const appeal = await appealOf(story)
  const after = await healthOf(story)
  const undelivered = appeal?.create_undelivered ? 'create' : appeal?.close_undelivered ? 'close' : null
  const ids = [story.id, lane.merchant.id, ...lane.places.map(({ provider_id }) => provider_id), appeal?.id ?? story.id]
  const own = broken.filter((line) =>
    [...ids, ...rows.map(({ attempt_id }) => attempt_id)].some((id) => line.includes(id)),
  )
  const found = [
    ...different('states', states(rows), expected.states),
    ...different(
      'attempts',
      rows.map(({ attempt }) => attempt),
      expected.attempts,
    ),
    ...different('status', payment?.status, expected.status),
    ...different('processed', payment?.processed_minor, expected.processed_minor),
    ...different(
      'debited',
      rows.map(({ debited_minor }) => debited_minor),
      expected.debited,
    ),
    ...different('winners', rows.filter(({ winner }) => winner).length, expected.processed_minor === null ? 0 : 1),
    ...different('told', told, expected.told),
    ...different('health at first', healthText(story.health, lane.row.trouble.shape), expected.health),
    ...different('fails later', after.failures > health.failures, expected.fails_later),
    ...different('barred', barred, expected.barred),
    ...different('cases', cases, expected.cases),
    ...different('cancelled', rows[0]?.cancel_status ?? null, expected.cancel),
    ...different('appeal', appeal && [appeal.state, appeal.close_note, undelivered], expected.appeal),
    ...brokenHolds(rows),
    ...brokenOrders(story, rows),
    ...answers.filter((answer) => answer.startsWith('ERROR')),
    ...own,
  ]
  return {
    row: textOfTransfer(lane.row),
    answered: answers.join(', '),
    statuses: payment?.status ?? 'gone',
    attempts: rows.map(({ attempt, state }, i) => `${i + 1}:${attempt}/${state}`).join(' '),
    providers: rows.map(({ debited_minor, settled }) => `${settled} ${debited_minor}`).join(', '),
    books: own.length === 0 ? 'sound' : 'BROKEN',
    callbacks: [...told, ...cases.map((kind) => `case ${kind}`)].join(' '),
    broken: found,
  }
}

const states = (rows: readonly Row[]): string[] => rows.map(({ state }) => state)

/** Every hold is the price, and has ended: nothing stays held, whatever happened. */
function brokenHolds(rows: readonly Row[]): string[] {
  return rows.flatMap(({ held_minor, settled, debited_minor }, i) => [
    ...different(`hold at ${i + 1}`, held_minor, settled_minor),
    ...different(`end of the hold at ${i + 1}`, settled, debited_minor > 0n ? 'debited' : 'released'),
  ])
}

/** An order whose id we know, and that nobody is to pay, is cancelled at its desk, where that could be told. */
function brokenOrders({ lane }: TransferStory, rows: readonly Row[]): string[] {
  const { desks } = lane.product.simulators
  return rows.flatMap(({ gateway_id, reference, cancel_status }) => {
    const place = lane.places.find((one) => one.gateway_id === gateway_id)
    const order = place && desks.payments(place.desk).find(({ id }) => id === reference)
    const told = lane.row.step === 'cancel' ? lane.row.trouble.arrives : true
    if (!order || !told || cancel_status !== 'delivered' || order.cancelled_at_ms !== null) return []
    return [`${place.desk} does not know that its order was cancelled`]
  })
}

function healthText(
  { failures, healthy }: TransferStory['health'],
  shape: { readonly seen: string; readonly body?: string },
) {
  // The payment before it was given requisites. Whoever gave some may have been asked about them already.
  const before = shape.body === 'known id' ? 1 : 0
  const isAsked = before === 1 && healthy > before
  if (failures === 0 && healthy === before) return 'not counted'
  if (failures === 1 && (healthy === before || isAsked)) return 'failure'
  return failures === 0 && healthy > before ? 'healthy' : `${failures} failures, ${healthy} healthy`
}

async function readFacts({ lane, id }: TransferStory): Promise<Facts> {
  const { sql } = lane.product.ctx
  const [first] = lane.places
  const rows = await sql<Row[]>`
    select r.gateway_id, r.attempt_id, r.state, a.status as attempt, a.winner, r.provider_reference as reference, r.cancel_status,
      s.settlement_minor as held_minor, s.state as settled, s.debited_minor
    from provider_payments r
    join attempts a on a.account_id = r.account_id and a.id = r.attempt_id
    join provider_settlements s on s.provider_id = r.provider_id and s.attempt_id = r.attempt_id
    where r.payment_id = ${id} order by r.attempt_number`
  const [payment] = await sql<{ status: string; processed_minor: bigint | null }[]>`
    select status, processed_amount_minor as processed_minor from payments where id = ${id}`
  const cases = await sql<{ kind: string }[]>`select kind from provider_cases where payment_id = ${id} order by kind`
  const [bars] = await sql<{ misconfigured: boolean; paused: boolean }[]>`
    select misconfigured_at is not null as misconfigured,
      exists (select 1 from connection_pauses p where p.gateway_id = c.gateway_id) as paused
    from provider_connections c where gateway_id = ${first.gateway_id}`
  const received = lane.product.shop.received.filter((one) => one.path === lane.path && one.payment_id === id)
  const events = new Map(received.map(({ event_id, status }) => [event_id, status]))
  return {
    rows,
    payment,
    cases: cases.map(({ kind }) => kind),
    barred: bars?.misconfigured ? 'misconfigured' : bars?.paused ? 'paused' : null,
    told: [...events].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, status]) => status),
  }
}

function different(what: string, is: unknown, expected: unknown): string[] {
  const [a, b] = [is, expected].map((value) => JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? `${v}` : v)))
  return a === b ? [] : [`${what}: ${a}, the rules say ${b}`]
}
