/** The world of the tests with the merchant whose payers transfer, and a hand on the desks of its providers. */
import assert from 'node:assert/strict'
import { demoAccounts } from '../apps/server/demo/accounts.ts'
import type { Appeal } from '../apps/server/src/appeals/appeal.ts'
import { listAppealsOfPayment } from '../apps/server/src/appeals/find-appeal.ts'
import { rejectAppeal } from '../apps/server/src/appeals/reject-appeal.ts'
import { type RequisitesSecret, requisitesPurpose } from '../apps/server/src/cascades/close-provider-payment.ts'
import { demoKeys } from '../apps/server/src/demo/demo-keys.ts'
import { forgetRouting } from '../apps/server/src/routing/load-routing.ts'
import { until } from './product/time.ts'
import { type Answer, startWorld, type World } from './world.ts'

/** Where the payer of an order is told to transfer. */
export type Order = { readonly desk: string; readonly id: string; readonly number: string; readonly owner: string }

export type Transfers = Pick<World, 'ctx' | 'url' | 'close'> & {
  /** A payment of 3900 roubles to a card unless `wish` says otherwise. */
  readonly transfer: (wish?: Record<string, unknown>) => Promise<{ readonly id: string; readonly hpp_url: string }>
  /** As the merchant reads it. */
  readonly payment: (id: string) => Promise<Answer>
  /** In the order they were asked for. */
  readonly orders: (id: string) => Promise<Order[]>
  /** The newest order is paid, and the provider is asked at once. */
  readonly pay: (id: string) => Promise<void>
  /** The next searches find nothing. */
  readonly refuse: (searches: number) => void
  /** The payer has so many seconds left. */
  readonly endsIn: (id: string, seconds: number) => Promise<void>
  /** The time is over, and so is the time of the last questions. */
  readonly finish: (id: string) => Promise<void>
  /** The provider gave other names with the newest requisites. */
  readonly rename: (id: string, names: { readonly bank: string; readonly owner: string }) => Promise<void>
  readonly appeals: (id: string) => Promise<readonly Appeal[]>
  /** The provider says no to the newest appeal. */
  readonly reject: (id: string, seen?: bigint) => Promise<void>
  readonly reset: () => Promise<void>
}

/** The smallest file that passes for a receipt. */
export const pdf = Buffer.from('%PDF-1.7\n%%EOF\n')

const account_id = 'coma_DemoVolnaTravels'

export async function openTransfers(): Promise<Transfers> {
  const world = await startWorld()
  const { ctx, url, close } = world
  const { desks } = world.simulators
  const account = demoAccounts.find(({ settings }) => settings.id === account_id)
  assert.ok(account)
  const authorization = `Basic ${Buffer.from(`${account_id}:${demoKeys(ctx, account).api_key}`).toString('base64')}`
  // Else a bank's page would follow where no desk has requisites.
  await ctx.sql`update gateways set status = 'off' where gateway_id in (420, 520)`
  forgetRouting(ctx)
  let seed = 100

  async function call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(url + path, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const answer = (await response.json()) as Answer
    assert.ok(response.ok, JSON.stringify(answer))
    return answer.data
  }

  async function orders(id: string): Promise<Order[]> {
    const rows = await ctx.sql<{ id: string }[]>`select id from attempts where payment_id = ${id} order by number`
    const all = desks.names().flatMap((desk) => desks.payments(desk).map((payment) => ({ desk, payment })))
    return rows.flatMap(({ id: key }) =>
      all
        .filter(({ payment }) => payment.idempotency_key === key)
        .map(({ desk, payment }) => {
          const trader = desks.traders(desk).find((one) => one.id === payment.trader)
          assert.ok(trader)
          return { desk, id: payment.id, number: trader.numbers[payment.asked.method], owner: trader.owner }
        }),
    )
  }

  const newestAppeal = async (id: string): Promise<Appeal | undefined> =>
    (await listAppealsOfPayment(ctx.sql, account_id, id)).at(-1)

  return {
    ctx,
    url,
    close,
    orders,
    async transfer(wish = {}) {
      const given = { amount: 3900, currency: 'RUB', service: 'card_transfer_rub_invoice', test_mode: true }
      const { id, attributes } = await call('POST', '/payment-invoices', { ...given, ...wish })
      return { id, hpp_url: attributes.hpp_url }
    },
    payment: async (id) => (await call('GET', `/payment-invoices/${id}`)).attributes,
    async pay(id) {
      const newest = (await orders(id)).at(-1)
      assert.ok(newest)
      desks.setPayment(newest.desk, newest.id, { status: 'success' })
      await ctx.sql`update provider_payments set poll_at = date_trunc('milliseconds', now()) where payment_id = ${id} and poll_at is not null`
    },
    refuse(searches) {
      for (const desk of desks.names())
        desks.script(desk, { steps: Array.from({ length: searches }, () => 'refuse:NO_REQUISITES') })
    },
    async endsIn(id, seconds) {
      await ctx.sql`
        update provider_payments set expires_at = now() + ${seconds} * interval '1 second'
        where payment_id = ${id} and state = 'issued'`
    },
    async finish(id) {
      await ctx.sql`
        update provider_payments set expires_at = now() - interval '2 minutes', finalise_at = now() - interval '1 second', poll_at = date_trunc('milliseconds', now())
        where payment_id = ${id} and state = 'issued'`
    },
    async rename(id, { bank, owner }) {
      const [row] = await ctx.sql<{ attempt_id: string; requisites_encrypted: Uint8Array }[]>`
        select attempt_id, requisites_encrypted from provider_payments where payment_id = ${id} and state = 'issued'`
      assert.ok(row)
      const purpose = requisitesPurpose(row.attempt_id)
      const { number } = JSON.parse(ctx.secrets.decrypt(row.requisites_encrypted, purpose)) as RequisitesSecret
      const secret: RequisitesSecret = { owner, number }
      await ctx.sql`
        update provider_payments set bank = ${bank}, requisites_encrypted = ${ctx.secrets.encrypt(JSON.stringify(secret), purpose)}
        where attempt_id = ${row.attempt_id}`
    },
    appeals: (id) => listAppealsOfPayment(ctx.sql, account_id, id),
    async reject(id, seen) {
      await until('the provider has the appeal', async () => (await newestAppeal(id))?.state === 'submitted')
      const appeal = await newestAppeal(id)
      assert.ok(appeal)
      const actor = { side: 'provider', name: 'Olga', ip: null } as const
      const text = 'There is no such transfer in the statement.'
      const evidence = { name: 'statement.pdf', bytes: pdf }
      const reason = seen === undefined ? 'payment_not_found' : 'amount_differs'
      const rejected = await rejectAppeal(ctx, appeal, actor, {
        reason,
        text,
        amount_seen_minor: seen ?? null,
        evidence,
      })
      assert.equal(rejected.result, 'moved')
    },
    async reset() {
      seed += 1
      desks.reset(seed)
      await ctx.sql`delete from gateway_results`
      await ctx.sql`delete from gateway_breakers`
      await ctx.sql`delete from connection_pauses`
    },
  }
}
