/** One payer by transfer and his merchant, over HTTP: from the invoice over requisites and second thoughts to the appeal. */
import { setTimeout as sleep } from 'node:timers/promises'
import { formatMinor } from '@cascad/money'
import type { Merchant } from '../product/product.ts'
import { arrive, hurry, type Order, ordersShown, runOut } from './bank.ts'
import { form, pause_ms, type Reply, request } from './patient-request.ts'
import type { Street } from './payer.ts'
import type { People } from './people.ts'
import { type Act, openPage, press, viewOf } from './requisites-page.ts'
import { complain } from './transfer-appeal.ts'
import type { TransferPlan } from './transfer-plan.ts'

export type TransferStreet = Street & { readonly merchant: Merchant; readonly people: People }

export type Transferred = {
  readonly payment_id: string | null
  readonly created: number
  readonly refunds_asked: number
  readonly notes: readonly string[]
}

const looks_max = 16

export async function runTransfer(street: TransferStreet, plan: TransferPlan): Promise<Transferred> {
  const actor = new TransferActor(street, plan)
  const invoices = await Promise.all(Array.from({ length: plan.act === 'create_twice' ? 3 : 1 }, () => actor.create()))
  const known = invoices.find(({ status }) => status === 201 || status === 409)
  const created = invoices.filter(({ status }) => status === 201).length
  if (!known) {
    actor.note(`create ${invoices[0]?.status} ${JSON.stringify(invoices[0]?.body).slice(0, 200)}`)
    return { payment_id: null, created, refunds_asked: 0, notes: actor.notes }
  }
  const payment_id: string = known.body.data.id
  await actor.pay(payment_id)
  if (plan.appeal) await complain(actor, payment_id, plan.appeal)
  return { payment_id, created, refunds_asked: plan.refunds ? await actor.refund(payment_id) : 0, notes: actor.notes }
}

export class TransferActor {
  readonly notes: string[] = []
  readonly street: TransferStreet
  readonly plan: TransferPlan
  readonly #authorization: string

  constructor(street: TransferStreet, plan: TransferPlan) {
    this.street = street
    this.plan = plan
    const { id, api_key } = street.merchant
    this.#authorization = `Basic ${Buffer.from(`${id}:${api_key}`).toString('base64')}`
  }

  note(text: string): void {
    this.notes.push(text)
  }

  call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Reply> {
    return request(this.street.url + path, {
      method,
      headers: { authorization: this.#authorization, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  }

  create(): Promise<Reply> {
    const { index, amount_minor, service } = this.plan
    return this.call('POST', '/api/payment-invoices', {
      reference_id: `${this.street.run_id}-${index}`,
      amount: formatMinor(BigInt(amount_minor), 2),
      currency: 'RUB',
      service,
      test_mode: true,
      description: `simulation ${index}`,
    })
  }

  async pay(id: string): Promise<void> {
    const { plan } = this
    let view = await this.settled(id)
    if (view === 'requisites-none_found' && plan.searches_again && (await this.press(id, 'other')))
      view = await this.settled(id)
    if (view === 'onward') return this.#payAtBank(id)
    if (view !== 'requisites-waiting') return this.note(`saw ${view}`)
    if (plan.reloads) await Promise.all([openPage(this.street.url, id), openPage(this.street.url, id)])
    await this.#act(id)
  }

  async #act(id: string): Promise<void> {
    const { product } = this.street
    const { act, paying } = this.plan
    const first = (await ordersShown(product, id))[0] as Order
    switch (act) {
      case 'abandon':
        return
      case 'pay':
      case 'create_twice':
        return this.#transfer(id, first)
      case 'claim':
        await this.press(id, 'paid')
        await runOut(product, id)
        await this.settled(id, 'requisites-claimed')
        break
      case 'other':
      case 'other_at_once':
        return this.#askOther(id, first)
      case 'cancel':
        await this.press(id, 'cancel')
        break
      case 'all_at_once':
        if (paying !== 'never') arrive(product, first)
        await Promise.all([
          this.press(id, 'paid'),
          this.press(id, 'other'),
          this.press(id, 'cancel'),
          this.press(id, 'check'),
          hurry(product, id),
        ])
        await this.settled(id)
        return
      case 'run_out':
        await Promise.all([runOut(product, id), paying === 'first' ? this.press(id, 'other') : null])
        await this.settled(id, 'requisites-waiting')
    }
    if (paying === 'late') await this.#payLate(id, first)
    if (paying === 'shown' && (await this.press(id, 'other'))) await this.#askedOther(id, first)
  }

  async #askOther(id: string, first: Order): Promise<void> {
    const times = this.plan.act === 'other_at_once' ? 3 : 1
    await Promise.all(Array.from({ length: times }, () => this.press(id, 'other')))
    await this.#askedOther(id, first)
  }

  async #askedOther(id: string, first: Order): Promise<void> {
    const view = await this.settled(id)
    const { paying } = this.plan
    if (view === 'onward' && paying === 'shown') return this.#payAtBank(id)
    if (paying === 'first') return this.#payLate(id, first)
    if (view !== 'requisites-waiting') return
    const shown = (await ordersShown(this.street.product, id)).at(-1) ?? first
    await this.#transfer(id, shown)
    if (paying === 'late') await this.#payLate(id, first)
  }

  /** He pays as he is told to, and says so. */
  async #transfer(id: string, order: Order): Promise<void> {
    const { product } = this.street
    const { paying } = this.plan
    if (paying === 'shown' || paying === 'first') arrive(product, order)
    await Promise.all([this.press(id, 'paid'), hurry(product, id)])
    for (let looks = 0; looks < 5; looks += 1) {
      if ((await viewOf(this.street.url, id)) !== 'requisites-claimed') break
      await sleep(pause_ms * 2)
      await hurry(product, id)
    }
    if (paying === 'late') await this.#payLate(id, order)
  }

  /** Money arrives where nobody waits for it any more. */
  async #payLate(id: string, order: Order): Promise<void> {
    arrive(this.street.product, order)
    await hurry(this.street.product, id)
    await sleep(pause_ms)
  }

  async #payAtBank(id: string): Promise<void> {
    const { bank } = this.plan
    const { body } = await this.call('GET', `/api/payment-invoices/${id}`)
    const action: string = body?.data?.attributes?.flow_data?.action ?? ''
    if (bank === 'leave' || !action.includes('/redirect/pay/'))
      return this.note(`left the bank at ${action.slice(0, 30)}`)
    const { location } = await request(action, form({ choice: bank }))
    if (location) await request(location, {})
  }

  /** `false` = the button is not there. */
  async press(id: string, act: Act): Promise<boolean> {
    const status = await press(this.street.url, id, act)
    if (status !== 303) this.note(`${act} ${status === null ? 'is not offered' : status}`)
    return status !== null
  }

  /** The first view that is no waiting, or not `from` any more; gives up after a while. */
  async settled(id: string, from: string | null = null): Promise<string> {
    for (let looks = 0; looks < looks_max; looks += 1) {
      const view = await viewOf(this.street.url, id)
      if (view !== 'waiting' && view !== 'requisites-searching' && view !== from) return view
      await sleep(pause_ms + 100)
    }
    return 'waiting'
  }

  /** Nobody there can give money back. */
  async refund(id: string): Promise<number> {
    const { body } = await this.call('GET', `/api/payment-invoices/${id}`)
    if (!['processed', 'partially_processed'].includes(body?.data?.attributes?.status)) return 0
    const { status } = await this.call('POST', `/api/payment-invoices/${id}/refund`, { reference_id: 'r1' })
    this.note(`refund ${status}`)
    return 1
  }
}
