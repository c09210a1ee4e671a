/** For tests of payments by requisites that hurt: the stage with the merchant whose payers transfer, and the desks of its providers. */
import assert from 'node:assert/strict'
import { demoProviders } from '../../apps/server/demo/providers.ts'
import { findProvider } from '../../apps/server/src/cascades/find-provider.ts'
import { readBalance } from '../../apps/server/src/cascades/read-balance.ts'
import { until } from '../product/time.ts'
import { type Door, openStage, type Stage } from './stage.ts'

export type DeskName = 'volga' | 'neva'

export type Order = {
  readonly desk: DeskName
  readonly id: string
  readonly attempt_id: string | null
  readonly cancelled: boolean
}

/** `press` answers with the page it leads to; a page that has become old may still be pressed. */
export type Button = { readonly act: string; readonly press: (url?: string) => Promise<string> }

export type RequisitesStage = Stage & {
  /** A payment of so many roubles by transfer to a card; its search has begun. Answers with the id. */
  readonly transfer: (amount?: string, url?: string) => Promise<string>
  /** Orders the desks have of this payment. */
  readonly ordersOf: (id: string) => Promise<Order[]>
  /** States of its provider payments, in the order of the cascade. */
  readonly providerStates: (id: string) => Promise<string[]>
  /** Waits until the newest attempt of the payment has this status. */
  readonly attemptIs: (id: string, status: string) => Promise<void>
  readonly figures: (desk: DeskName) => Promise<{ available_minor: bigint; held_minor: bigint; total_minor: bigint }>
  /** The desk says that the payer has paid. */
  readonly pay: (id: string) => Promise<void>
  /** What the payer may do on the page as it is now. */
  readonly buttonsOf: (id: string) => Promise<Button[]>
  /** The payer presses a button of the page. Answers with the page it leads to. */
  readonly press: (id: string, act: 'paid' | 'other' | 'cancel') => Promise<string>
  /**
   * Whoever of this role has written a provider payment waits before the commit: `insert` = one that is asked for, `update` =
   * for what became of one.
   */
  readonly holdCommit: (role: 'api' | 'worker', what: 'insert' | 'update') => Promise<Door>
  /** After a test that may have failed: no door is left closed, no process dead, and the desks do as usual. */
  readonly tidyUp: () => Promise<void>
}

/** 855 roubles are 10 USDT at the demo rate, so that 200 of them are all that the first provider has. */
export const price = '855.00'
export const settled_minor = 10_000_000n

export async function openRequisitesStage(): Promise<RequisitesStage> {
  const stage = await openStage()
  const { desks } = stage.product.simulators
  await makeDoors(stage)
  const closed: Door[] = []
  const merchant = stage.product.merchants.findIndex(({ id }) => id === 'coma_DemoVolnaTravels')
  const ordersOf: RequisitesStage['ordersOf'] = async (id) => {
    const rows = await stage.sql<{ id: string }[]>`select id from attempts where payment_id = ${id}`
    const own = new Set(rows.map((row) => row.id))
    return (['volga', 'neva'] as const).flatMap((desk) =>
      desks
        .payments(desk)
        .filter(({ idempotency_key }) => own.has(idempotency_key ?? ''))
        .map((one) => ({
          desk,
          id: one.id,
          attempt_id: one.idempotency_key,
          cancelled: one.cancelled_at_ms !== null,
        })),
    )
  }
  const textOf = async (asked: Promise<Response>): Promise<string> => {
    const response = await asked
    const text = await response.text()
    assert.equal(response.status, 200, text)
    return text
  }
  const buttonsOf = async (id: string): Promise<Button[]> => {
    const page = await textOf(fetch(`${stage.api.url}/hpp/?cpi=${id}`))
    return formsOf(page).map(({ act, action, mark }) => ({
      act,
      press: (url = stage.api.url) =>
        textOf(fetch(url + action, { method: 'POST', body: new URLSearchParams({ mark }) })),
    }))
  }
  return {
    ...stage,
    async transfer(amount = price, url = stage.api.url) {
      const wish = { amount, currency: 'RUB', service: 'card_transfer_rub_invoice', test_mode: true }
      const { status, body } = await stage.call('POST', '/api/payment-invoices', wish, { merchant, url })
      assert.equal(status, 201, JSON.stringify(body))
      return body.data.id
    },
    ordersOf,
    async providerStates(id) {
      const rows = await stage.sql<{ state: string }[]>`
        select state from provider_payments where payment_id = ${id} order by attempt_number`
      return rows.map(({ state }) => state)
    },
    attemptIs: (id, status) =>
      until(`the newest attempt of ${id} is ${status}`, async () => {
        const attempts = await stage.attemptsOf(id)
        return attempts.at(-1)?.status === status
      }),
    async figures(desk) {
      const provider = await findProvider(stage.sql, demoProviders.find((one) => one.desk === desk)?.id ?? '')
      assert.ok(provider)
      const { available_minor, held_minor, total_minor } = await readBalance(stage.sql, provider, true)
      return { available_minor, held_minor, total_minor }
    },
    async pay(id) {
      const order = (await ordersOf(id)).at(-1)
      assert.ok(order)
      desks.setPayment(order.desk, order.id, { status: 'success' })
    },
    buttonsOf,
    async press(id, act) {
      const button = (await buttonsOf(id)).find((one) => one.act === act)
      assert.ok(button, `${act} is not offered`)
      return button.press()
    },
    async holdCommit(role, what) {
      const door = await stage.hold((tx) => tx`select pg_advisory_xact_lock(${doorOf(role, what)})`)
      closed.push(door)
      return door
    },
    async tidyUp() {
      for (const door of closed.splice(0)) await door.open()
      for (const process of [stage.api, stage.worker]) if (!process.isUp()) await stage.restart(process)
      for (const name of desks.names()) desks.forgetScripts(name)
      // What has ended is asked about for days: no test is to meet the questions of another.
      await stage.sql`update provider_payments set poll_at = null, cancel_at = null where state <> 'issued'`
    },
  }
}

function formsOf(page: string): { act: string; action: string; mark: string }[] {
  const forms = page.matchAll(/action="(\/hpp\/requisites\/(\w+)\?[^"]*)"[^>]*>.*?name="mark" value="([^"]*)"/gs)
  return [...forms].map(([, action = '', act = '', mark = '']) => ({
    act,
    action: action.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))).replaceAll('&amp;', '&'),
    mark,
  }))
}

const doors = 471_100
function doorOf(role: 'api' | 'worker', what: 'insert' | 'update'): number {
  return doors + (role === 'worker' ? 2 : 0) + (what === 'update' ? 1 : 0)
}

/** Looked at by each transaction of the product at its very end, when all it has written is written. */
async function makeDoors({ sql }: Stage): Promise<void> {
  await sql.unsafe(`
    create function wait_at_door() returns trigger language plpgsql as $$
    begin
      if current_setting('application_name') in ('cascad-api', 'cascad-worker') then
        perform pg_advisory_xact_lock_shared(${doors} + case current_setting('application_name') when 'cascad-worker' then 2 else 0 end
          + case tg_op when 'UPDATE' then 1 else 0 end);
      end if;
      return null;
    end $$;
    create constraint trigger doors after insert or update of state, cancel_status on provider_payments deferrable initially deferred
      for each row execute function wait_at_door()`)
}
