/** What the payer, the merchant, the desk and the operator of a row do. */
import { acceptAppeal } from '../../apps/server/src/appeals/accept-appeal.ts'
import type { Appeal } from '../../apps/server/src/appeals/appeal.ts'
import { decideAppeal } from '../../apps/server/src/appeals/decide-appeal.ts'
import { listAppealsOfPayment } from '../../apps/server/src/appeals/find-appeal.ts'
import { sentReceipt } from '../../apps/server/src/appeals/sample-files.ts'
import { until } from '../product/time.ts'
import { press, viewOf } from '../simulation/requisites-page.ts'
import { type Place, type TransferLane, transferService } from './transfer-lane.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of the API are looked into freely by tests
type Answer = any

export type TransferStory = {
  readonly lane: TransferLane
  readonly url: string
  /** Of the payment; empty until it is there. */
  id: string
  /** What the search has counted for the first connection. */
  health: { readonly failures: number; readonly healthy: number }
  readonly answers: string[]
}

export function openTransferStory(lane: TransferLane, url: string): TransferStory {
  return { lane, url, id: '', health: { failures: 0, healthy: 0 }, answers: [] }
}

const isAppeal = ({ row }: TransferLane): boolean => /appeal|confirm/.test(row.step)

export async function beginTransfer(story: TransferStory): Promise<void> {
  const { lane } = story
  const { trouble, step } = lane.row
  const { desks } = lane.product.simulators
  const first = lane.places[0].desk
  if (trouble.shape.seen === 'answer' && trouble.shape.body === 'known id') await createAnd(story, 'requisites-waiting')
  if (trouble.desk) desks.script(first, { steps: [trouble.desk] })
  else if (isAppeal(lane)) desks.script(first, { steps: ['issue_never'] })
  if (step === 'create') await lane.setTrouble(true)
  story.id = await createAnd(story, 'requisites-waiting')
}

async function createAnd(story: TransferStory, view: string): Promise<string> {
  const wish = { amount: '855', currency: 'RUB', service: transferService, test_mode: true }
  const { status, body } = await callMerchantApi(story, '/api/payment-invoices', wish)
  if (status !== 201) throw new Error(`no invoice: ${status} ${JSON.stringify(body)}`)
  const { id } = body.data
  await until(`${id} shows ${view}`, async () => (await viewOf(story.url, id)) === view)
  return id
}

export async function readHealth(story: TransferStory): Promise<void> {
  story.health = await healthOf(story)
}

export async function healthOf({ lane }: TransferStory): Promise<{ failures: number; healthy: number }> {
  const [row] = await lane.product.ctx.sql<{ failures: number; healthy: number }[]>`
    select coalesce(sum(failures), 0)::int as failures, coalesce(sum(healthy), 0)::int as healthy
    from gateway_results where gateway_id = ${lane.places[0].gateway_id}`
  return row ?? { failures: 0, healthy: 0 }
}

/** While requisites are shown. */
export async function actTransfer(story: TransferStory): Promise<void> {
  const { lane, url, id, answers } = story
  const { step, trouble } = lane.row
  if (isAppeal(lane)) return
  if (step !== 'create') await lane.setTrouble(true)
  if (step === 'cancel') {
    answers.push(`pressed ${await press(url, id, trouble.gives_up ? 'cancel' : 'other')}`)
    if (trouble.gives_up) return
    await until(`${id} has other requisites`, async () => (await shownAt(story)) === 2)
    if (trouble.money === 'after cancel') return
  }
  if (trouble.money === 'unpaid' || trouble.money === 'late') return
  answers.push(`claimed ${await press(url, id, 'paid')}`)
  await pay(story, lane.places[((await shownAt(story)) ?? 1) - 1] as Place)
}

/** Whose requisites the payer sees, counted from 1. */
async function shownAt({ lane, id }: TransferStory): Promise<number | null> {
  const [row] = await lane.product.ctx.sql<{ gateway_id: number }[]>`
    select gateway_id from provider_payments where payment_id = ${id} and state = 'issued'`
  return row ? lane.places.findIndex(({ gateway_id }) => gateway_id === row.gateway_id) + 1 : null
}

async function pay({ lane, id }: TransferStory, place: Place, status: 'success' | 'failed' = 'success'): Promise<void> {
  const { ctx, simulators } = lane.product
  const [row] = await ctx.sql<{ reference: string }[]>`
    select provider_reference as reference from provider_payments where payment_id = ${id} and gateway_id = ${place.gateway_id}`
  if (!row) throw new Error(`${id} has no order at ${place.desk}`)
  const { step } = simulators.desks.payments(place.desk).find((one) => one.id === row.reference) ?? {}
  if (!step?.name.startsWith('issue_')) simulators.desks.setPayment(place.desk, row.reference, { status })
}

/** After the first questions: what was only for a while is over, and a payment that was paid is paid twice, or taken back. */
export async function goOnTransfer(story: TransferStory): Promise<void> {
  const { lane } = story
  const { money, short } = lane.row.trouble
  if (short) await lane.setTrouble(false)
  if (money === 'both') await pay(story, lane.places[0])
  if (money === 'taken back') await pay(story, lane.places[0], 'failed')
}

/** After the window: questions are answered again, and merchants appeal. */
export async function appealTransfer(story: TransferStory): Promise<void> {
  const { lane, id, answers } = story
  if (lane.row.step === 'get') await lane.setTrouble(false)
  if (!isAppeal(lane)) return
  if (lane.row.step === 'create appeal') await lane.setTrouble(true)
  const attributes = { reason: 'not_credited', comment: 'The payer has a receipt.', receipt: sentReceipt }
  const data = { type: 'payment-appeals', attributes }
  const { status, body } = await callMerchantApi(story, `/api/payment-invoices/${id}/appeals`, { data })
  answers.push(`appeal ${status}`)
  if (status !== 201) throw new Error(`no appeal: ${JSON.stringify(body)}`)
}

/** Who is to decide decides: the desk what it knows of, the operator the rest; or the merchant withdraws. */
export async function decideTransfer(story: TransferStory): Promise<void> {
  const { lane, id, answers } = story
  const { ctx } = lane.product
  const appeal = await appealOf(story)
  if (!appeal) return
  await lane.setTrouble(lane.row.step !== 'create appeal')
  if (lane.row.step === 'cancel appeal') {
    const { status } = await callMerchantApi(story, `/api/payment-invoices/${id}/appeals/${appeal.id}/withdraw`, {})
    return void answers.push(`withdrawn ${status}`)
  }
  const desk = { side: 'provider', name: 'desk@lab.example', ip: null } as const
  const operator = { side: 'operator', name: 'Ann', ip: null } as const
  const moved =
    appeal.state === 'arbitration'
      ? await decideAppeal(ctx, appeal, operator, { verdict: 'confirm', comment: 'The receipt is right.' })
      : await acceptAppeal(ctx, appeal, desk)
  answers.push(`${appeal.state}, ${moved.result}`)
}

export async function appealOf({ lane, id }: TransferStory): Promise<Appeal | null> {
  const all = await listAppealsOfPayment(lane.product.ctx.sql, lane.merchant.id, id)
  return all.at(-1) ?? null
}

export async function callMerchantApi(
  { lane, url }: TransferStory,
  path: string,
  body: object,
): Promise<{ status: number; body: Answer }> {
  const { id, api_key } = lane.merchant
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${id}:${api_key}`)}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: await response.json() }
}
