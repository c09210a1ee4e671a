/** What happened to a row, and which of it no rule allows. */
import { seen } from '../card-shop.ts'
import type { Books } from '../product/rules.ts'
import type { ReceivedCallback } from '../product/shop.ts'
import { childOf, type Expected, expectedOf } from './expect.ts'
import { callApi, type Story } from './play.ts'
import { textOf } from './row.ts'

export type Verdict = {
  readonly row: string
  readonly answered: string
  /** Status that the merchant reads at the end. */
  readonly statuses: string
  /** Gateway counted from 1, and status. */
  readonly attempts: string
  /** What each gateway has of the payer's money, and holds back. */
  readonly providers: string
  readonly books: string
  readonly callbacks: string
  readonly broken: readonly string[]
}

/** A gateway's word for what a merchant orders. */
const orderOf = { capture: 'capture', cancel: 'void', refund: 'refund' } as const

const finalOfInvoice = ['processed', 'partially_processed', 'process_failed']

/** `broken`: lines about the whole world; those that name a payment of this row are its own. */
export async function judge(story: Story, books: Books, broken: readonly string[]): Promise<Verdict> {
  const { lane, answers } = story
  const expected = expectedOf(lane.row)
  const { payments, uids } = await idsOf(story)
  const attempts = payments.flatMap((id) => books.attempts.get(id) ?? [])
  const entries = [...books.providers.values()].filter(({ terminal }) => lane.terminals.includes(terminal))
  const { statuses, child } = await readStatuses(story)
  const received = lane.product.shop.received.filter(({ path }) => path === lane.path)
  const own = broken.filter((line) => [...payments, ...uids].some((id) => line.includes(id)))
  const kept = entries.reduce((sum, { net_amount }) => sum + BigInt(net_amount), 0n)
  const placeOf = (gateway_id: number): number => lane.gateways.indexOf(gateway_id) + 1
  const asked = [...new Set(attempts.map(({ gateway_id }) => placeOf(gateway_id)))]
  const winners = attempts.filter(({ winner }) => winner).map(({ gateway_id }) => placeOf(gateway_id))
  const found = [
    ...different('gateways asked', asked, expected.asked),
    ...different('winner', winners, expected.winner === null ? [] : [expected.winner]),
    ...different('kept of the payer', kept, expected.kept_minor),
    ...different('statuses', statuses, expected.statuses),
    ...different('child', child, expected.child),
    ...different(
      'orders at the gateways',
      entries.flatMap(({ children }) => children.map(({ kind }) => orderOf[kind])),
      expected.child === null ? [] : [childOf(lane.row)],
    ),
    ...brokenPromises(story, expected),
    ...brokenTelling(story, received, expected, uids),
    ...own,
  ]
  return {
    row: textOf(lane.row),
    answered: answers.join(', '),
    statuses: [...statuses, ...(child === null ? [] : [child])].join(', '),
    attempts: attempts.map(({ gateway_id, status }) => `${placeOf(gateway_id)}:${status}`).join(' '),
    providers: entries
      .map(
        (one) => `${one.terminal.at(-1)}:${one.net_amount}${one.held_amount === '0' ? '' : `+${one.held_amount} held`}`,
      )
      .join(' '),
    books: own.length === 0 ? 'sound' : 'BROKEN',
    callbacks: tally(received),
    broken: found,
  }
}

/** A merchant who is told `failed` goes on: money that is kept after that answer is charged twice. */
function brokenPromises({ lane, answers }: Story, { winner }: Expected): string[] {
  const promised = answers.filter((answer) => /^failed@/.test(answer)).map((answer) => Number(answer.at(-1)))
  return promised.includes(winner ?? 0) && lane.row.cascade === 'merchant'
    ? [`gateway ${winner} was called failed, and has the money`]
    : []
}

/** Every end is told once, as often as the endpoint needs it. */
function brokenTelling(
  { lane, ids, child_id }: Story,
  received: readonly ReceivedCallback[],
  { deliveries_min, statuses }: Expected,
  uids: readonly string[],
): string[] {
  const found: string[] = []
  const byEvent = Map.groupBy(received, ({ event_id }) => event_id)
  for (const all of byEvent.values()) {
    if (all.length < deliveries_min) found.push(`an event was delivered ${all.length} times`)
  }
  const told = [...byEvent.values()].map(([first]) => first as ReceivedCallback)
  if (lane.row.face === 'invoice') {
    const ends = told.filter(({ status }) => finalOfInvoice.includes(status))
    if (ends.length !== 1) found.push(`the end was told ${ends.length} times`)
    if (!told.some(({ status }) => status === statuses[0])) found.push(`${statuses[0]} was never told`)
    return found
  }
  for (const uid of [...ids, ...(child_id === null ? [] : [child_id])]) {
    const times = told.filter(({ payment_id }) => payment_id === uid).length
    if (times !== 1) found.push(`the end of a transaction was told ${times} times`)
  }
  if (told.some(({ payment_id }) => !uids.includes(payment_id))) found.push('a transaction of nobody was told')
  return found
}

async function idsOf({
  lane,
  ids,
  child_id,
}: Story): Promise<{ payments: readonly string[]; uids: readonly string[] }> {
  if (lane.row.face === 'invoice') return { payments: ids, uids: [] }
  const rows = await lane.product.ctx.sql<{ payment_id: string }[]>`
    select payment_id from card_transactions where uid in ${lane.product.ctx.sql(ids)} order by created_at, uid`
  const uids = child_id === null ? ids : [...ids, child_id]
  const order = await Promise.all(rows.map(({ payment_id }) => payment_id))
  return { payments: order, uids }
}

async function readStatuses(story: Story): Promise<{ statuses: readonly string[]; child: string | null }> {
  const { lane, url, ids, child_id } = story
  if (lane.row.face !== 'invoice') {
    const shop = lane.shop(url)
    const read = async (uid: string): Promise<string> => seen(await shop.call('GET', `/transactions/${uid}`)).status
    return {
      statuses: await Promise.all(ids.map(read)),
      child: child_id === null ? null : await read(child_id),
    }
  }
  const { body } = await callApi(story, `/api/payment-invoices/${ids[0]}`)
  const [refund] = await lane.product.ctx.sql<{ status: string }[]>`
    select status from operations where payment_id = ${ids[0] ?? ''}`
  const child = refund ? ({ done: 'successful', failed: 'failed' }[refund.status] ?? refund.status) : null
  return { statuses: [body.data.attributes.status], child }
}

function different(what: string, is: unknown, expected: unknown): string[] {
  const [a, b] = [is, expected].map((value) => JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? `${v}` : v)))
  return a === b ? [] : [`${what}: ${a}, the rules say ${b}`]
}

function tally(received: readonly ReceivedCallback[]): string {
  const groups = Map.groupBy(received, ({ status }) => status)
  return [...groups].map(([status, all]) => (all.length === 1 ? status : `${status} ×${all.length}`)).join(' ')
}
