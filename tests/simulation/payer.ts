/** One merchant's server and one payer, over HTTP, from the invoice to the refund. Both are patient: what fails is tried again. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Merchant, Product } from '../product/product.ts'
import { form, pause_ms, type Reply, request } from './patient-request.ts'
import type { CardWish, PayerPlan } from './plan.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of the API are looked into freely by tests
type Answer = any

export type Seen = {
  readonly plan: PayerPlan
  /** `null` = the merchant gave up before there was an invoice. */
  readonly payment_id: string | null
  /** Answers to the creation that said 201. */
  readonly created: number
  readonly refunds_asked: number
  /** Status codes of refused submissions and refunds, for the report. */
  readonly notes: readonly string[]
}

export type Street = {
  readonly product: Product
  readonly url: string
  readonly seed: number
  readonly run_id: string
}

export async function runPayer(street: Street, plan: PayerPlan): Promise<Seen> {
  const merchant = street.product.merchants[plan.merchant]
  if (!merchant) throw new Error(`there is no merchant ${plan.merchant}`)
  const actor = new Actor(street, plan, merchant)
  const invoices = await Promise.all(Array.from({ length: plan.act === 'create_twice' ? 3 : 1 }, () => actor.create()))
  const known = invoices.find(({ status }) => status === 201 || status === 409)
  const created = invoices.filter(({ status }) => status === 201).length
  if (!known) {
    actor.note(`create ${invoices[0]?.status} ${JSON.stringify(invoices[0]?.body).slice(0, 200)}`)
    return { plan, payment_id: null, created, refunds_asked: 0, notes: actor.notes }
  }
  const { id, attributes } = known.body.data
  if (plan.way === 'sale') await actor.bySale(id, attributes)
  if (plan.way === 'page') await actor.byPage(id, attributes)
  if (plan.way === 'redirect') await actor.byRedirect(id, attributes)
  const refunds_asked = plan.act === 'abandon' ? 0 : await actor.refund(id)
  return { plan, payment_id: id, created, refunds_asked, notes: actor.notes }
}

class Actor {
  readonly notes: string[] = []
  readonly #street: Street
  readonly #plan: PayerPlan
  readonly #authorization: string

  constructor(street: Street, plan: PayerPlan, merchant: Merchant) {
    this.#street = street
    this.#plan = plan
    this.#authorization = `Basic ${Buffer.from(`${merchant.id}:${merchant.api_key}`).toString('base64')}`
  }

  note(text: string): void {
    this.notes.push(text)
  }

  #call(method: string, path: string, body?: unknown): Promise<Reply> {
    return request(this.#street.url + path, {
      method,
      headers: { authorization: this.#authorization, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  }

  create(): Promise<Reply> {
    const { index, amount_minor, currency, service, test_mode, flow, way, status_word } = this.#plan
    return this.#call('POST', '/api/payment-invoices', {
      reference_id: `${this.#street.run_id}-${index}`,
      amount: `${Math.floor(amount_minor / 100)}.${String(amount_minor % 100).padStart(2, '0')}`,
      currency,
      service,
      test_mode,
      flow,
      description: `simulation ${index}`,
      ...(way === 'test_word' ? { service_fields: { status: status_word } } : {}),
    })
  }

  async bySale(id: string, { flow_data }: Answer): Promise<void> {
    const { act, card } = this.#plan
    const sale = (): Promise<Reply> =>
      request(`${this.#street.url}/payment/sale`, {
        method: 'POST',
        headers: { authorization: `Bearer ${flow_data.metadata.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ ...saleCard(card), browser_info: { browser_ip: '203.0.113.7' } }),
      })
    if (act === 'abandon') return
    if (act === 'cancel') return void (await this.#cancel(id))
    const asked: Promise<Reply>[] = [sale()]
    if (act === 'submit_twice' || act === 'two_tabs') asked.push(sale(), sale())
    if (act === 'cancel_beside_submit') asked.push(this.#cancel(id))
    if (act === 'expire_beside_submit') await this.#expire(id)
    const answers = await Promise.all(asked)
    const accepted = answers.filter(({ status }) => status === 201)
    if (accepted.length > 1) this.note('several sales accepted')
    if (accepted.length === 0) this.note(`sale ${answers[0]?.status}`)
    const challenge = answers.map(({ body }) => body?.data?.attributes?.auth_payload).find((payload) => payload)
    if (challenge) await this.#meetBank(id, challenge.action, challenge.params.creq)
  }

  async byPage(id: string, { flow_data }: Answer): Promise<void> {
    const { act, card, second_card } = this.#plan
    const page = flow_data.action as string
    if (act === 'abandon') return void (await request(page, {}))
    if (act === 'cancel') return void (await this.#cancel(id))
    for (const [tries, given] of [card, second_card].entries()) {
      const opened = await request(page, {})
      const submission = /name="submission" value="(\d+)"/.exec(String(opened.body))?.[1]
      if (opened.status !== 200 || submission === undefined) return
      const submit = (): Promise<Reply> => request(page, form({ submission, ...pageCard(given) }))
      const asked: Promise<Reply>[] = [submit()]
      if (act === 'submit_twice') asked.push(submit())
      if (act === 'two_tabs') asked.push(request(page, {}), submit(), request(page, {}))
      if (act === 'cancel_beside_submit') asked.push(this.#cancel(id))
      if (act === 'expire_beside_submit') await this.#expire(id)
      await Promise.all(asked)
      const view = await this.#watch(id)
      if (view === 'onward') {
        const { body } = await request(`${this.#street.url}/hpp/?cpi=${id}`, {})
        const action = /action="([^"]+\/acquirer\/acs)"/.exec(String(body))?.[1]
        const creq = /name="creq" value="([^"]+)"/.exec(String(body))?.[1]
        if (action && creq) await this.#meetBank(id, action, creq)
        return
      }
      if (view !== 'retry') return
      if (tries > 0) this.note('failed twice')
    }
  }

  async byRedirect(id: string, { flow_data }: Answer): Promise<void> {
    const { act, challenge, comes_back } = this.#plan
    // Empty when the provider gave no page at the creation.
    let page = (flow_data.action as string | undefined) ?? ''
    if (act === 'abandon') return
    if (act === 'cancel') return void (await this.#cancel(id))
    if (act === 'cancel_beside_submit') await this.#cancel(id)
    if (act === 'expire_beside_submit') await this.#expire(id)
    if (!page.includes('/redirect/pay/')) {
      // Repeated or slow creation: the checkout knows where to go once the provider has said it.
      await this.#watch(id)
      const { body } = await this.#call('GET', `/api/payment-invoices/${id}`)
      page = body?.data?.attributes?.flow_data?.action ?? ''
      if (!page.includes('/redirect/pay/')) return
    }
    const choices = { confirm: 'pay', decline: 'decline', leave: null } as const
    const choice = choices[challenge]
    if (choice === null) return
    const answers = await Promise.all([
      request(page, form({ choice })),
      act === 'two_tabs' ? request(page, form({ choice })) : null,
    ])
    if (comes_back && answers[0]?.location) await request(answers[0].location, {})
  }

  /** The page of the issuer, and the way back. */
  async #meetBank(_id: string, action: string, creq: string): Promise<void> {
    const { challenge, comes_back, act } = this.#plan
    if (challenge === 'leave') return
    const agree = (): Promise<Reply> => request(`${action}/answer`, form({ creq, choice: challenge }))
    const [first] = await Promise.all([agree(), act === 'two_tabs' ? agree() : null])
    if (comes_back && first.location) {
      await Promise.all([request(first.location, {}), act === 'two_tabs' ? request(first.location, {}) : null])
    }
  }

  #cancel(id: string): Promise<Reply> {
    return request(`${this.#street.url}/hpp/cancel?cpi=${id}`, form({}))
  }

  /** The lifetime ends now, whatever is under way. */
  async #expire(id: string): Promise<void> {
    await this.#street.product.ctx.sql`
      update payments set expires_at = now() + interval '50 milliseconds', due_at = least(due_at, now() + interval '50 milliseconds')
      where id = ${id}`
  }

  /** Looks at the waiting page until something else is shown, for a while. */
  async #watch(id: string): Promise<string> {
    for (let looks = 0; looks < 24; looks += 1) {
      const { body } = await request(`${this.#street.url}/hpp/state?cpi=${id}`, {})
      const view = body?.view ?? 'gone'
      if (view !== 'waiting') return view
      await sleep(pause_ms * 2)
    }
    return 'waiting'
  }

  async refund(id: string): Promise<number> {
    const { refund, amount_minor, flow } = this.#plan
    if (refund === 'none' || flow === 'verify') return 0
    const { body } = await this.#call('GET', `/api/payment-invoices/${id}`)
    if (!['processed', 'partially_processed'].includes(body?.data?.attributes?.status)) return 0
    let asked = 0
    const ask = async (reference: string, minor: number | null): Promise<void> => {
      asked += 1
      const amount =
        minor === null ? {} : { amount: `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}` }
      const { status } = await this.#call('POST', `/api/payment-invoices/${id}/refund`, {
        reference_id: reference,
        ...amount,
      })
      this.note(`refund ${status}`)
    }
    const half = Math.floor(amount_minor / 2)
    if (refund === 'full') await ask('r1', null)
    if (refund === 'partial') await ask('r1', Math.max(1, Math.floor(amount_minor / 3)))
    if (refund === 'in_parts')
      for (const reference of ['r1', 'r2', 'r3']) await ask(reference, Math.max(1, Math.floor(amount_minor / 4)))
    if (refund === 'at_once') await Promise.all(['r1', 'r2', 'r3'].map((reference) => ask(reference, half + 1)))
    if (refund === 'repeated') await Promise.all([ask('r1', half), ask('r1', half), ask('r1', half)])
    return asked
  }
}

function saleCard({ number, month, year }: CardWish): Record<string, string> {
  return { card_number: number, card_holder: 'JOHN WICK', cvv: '123', exp_month: month, exp_year: year }
}

function pageCard({ number, month, year }: CardWish): Record<string, string> {
  return { card_number: number, expiry: `${month}/${year.slice(-2)}`, cvv: '123', holder: 'JOHN WICK' }
}
