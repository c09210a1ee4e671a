/** Time passes until nothing is open any more: every look-up, retry, lifetime and term comes up, and the workers do what is due. */
import { setTimeout as sleep } from 'node:timers/promises'
import { listOpenAppeals } from '../../apps/server/src/appeals/list-open-appeals.ts'
import type { Product } from '../product/product.ts'
import { letPass, until, untilIdle } from '../product/time.ts'
import type { People, Verdict } from './people.ts'

export type Calming = {
  /** Providers of cards tell by themselves, some of them late. */
  readonly cards: boolean
  /** Who decides about appeals; `null` = there are none. */
  readonly people: People | null
}

const hour_s = 3_600
/** A desk that is asked again and again and never answers takes its time. */
const idle_timeout_ms = 240_000
/** Retries and windows; the last one is over the lifetime of a search. */
const early_s = [15, 60, 60, 60, 60, 300, 600, 1_800]
/** Lifetimes, and the last questions to desks. */
const days_s = [24 * hour_s, 8 * 24 * hour_s]

export async function calmDown(product: Product, { cards, people }: Calming): Promise<void> {
  const { sql } = product.ctx
  if (cards) await sleep(6_000)
  await callsAreOver(product)
  await untilIdle(sql, idle_timeout_ms)
  for (const passed_s of early_s) await pass(product, passed_s)
  // Payers by transfer may have ended at a card gateway too, the last route of their merchant; some come to it only now.
  decideWhatWaits(product)
  await sleep(1_000)
  for (const passed_s of [30, hour_s, hour_s]) await decideAndPass(product, passed_s)
  if (people) await closeAppeals(product, people)
  for (const passed_s of [...days_s, hour_s, hour_s]) await decideAndPass(product, passed_s)
  // Notifications still on their way.
  if (cards) await sleep(1_500)
  await untilIdle(sql, idle_timeout_ms)
}

async function pass(product: Product, passed_s: number): Promise<void> {
  const { ctx, simulators } = product
  await questionsAreOver(product)
  simulators.desks.advance({ advance_s: passed_s })
  await letPass(ctx.sql, passed_s)
  await untilIdle(ctx.sql, idle_timeout_ms)
}

/** A cascade that runs asks by itself, by the clock of its process, and keeps everybody else from asking. */
async function questionsAreOver({ ctx }: Product): Promise<void> {
  await until('no cascade asks by itself', async () => {
    const [row] = await ctx.sql<{ asking: number }[]>`
      select count(*)::int as asking from attempts
      where status in ('sent', 'unknown') and connector <> 'cascade' and sent_at > now() - interval '20 seconds'`
    return row?.asking === 0
  })
}

async function decideAndPass(product: Product, passed_s: number): Promise<void> {
  decideWhatWaits(product)
  await pass(product, passed_s)
}

/** A desk that is being asked for requisites must not look older than it is; who died while asking waits for ever. */
async function callsAreOver({ ctx }: Product): Promise<void> {
  await until('nobody is asked for requisites', async () => {
    const [row] = await ctx.sql<{ asked: number }[]>`
      select count(*)::int as asked from attempts where status = 'sent' and connector = 'cascade' and sent_at > now() - interval '6 seconds'`
    return row?.asked === 0
  })
}

/** After the lifetimes: providers that were still thinking come to a late yes or no. */
function decideWhatWaits({ simulators }: Product): void {
  const { control } = simulators
  const yes = (reference: string): boolean => Number.parseInt(reference.slice(-4, -2), 36) % 2 === 0
  for (const { terminal, reference, status, children } of control.ledger()) {
    if (status === 'pending') control.decide(terminal, reference, yes(reference))
    for (const child of children)
      if (child.status === 'pending') control.decide(terminal, child.reference, yes(child.reference))
  }
}

/** Desks give the verdicts they owe, or say nothing for a day; operators decide the rest; then the desks are told. */
async function closeAppeals(product: Product, people: People): Promise<void> {
  const { ctx } = product
  const verdicts: readonly (Verdict | null)[] = ['accept', 'reject', null]
  for (const appeal of await listOpenAppeals(ctx.sql, 'submitted')) {
    const verdict = verdicts[Number(appeal.original_minor % 3n)] ?? null
    if (verdict) await people.judge(appeal, verdict)
  }
  await pass(product, 25 * hour_s)
  for (const appeal of await listOpenAppeals(ctx.sql, 'arbitration'))
    await people.decide(appeal, appeal.original_minor % 2n === 0n ? 'confirm' : 'cancel')
  // Ends that a desk does not take are told five times, then hourly for a day.
  for (const passed_s of [1, 60, 60, 60, 60, 12 * hour_s, 12 * hour_s]) await pass(product, passed_s)
}
