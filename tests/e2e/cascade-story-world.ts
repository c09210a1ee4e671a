/**
 * For tests: the whole product with the merchant whose payers transfer, the people of both providers signed in at the dashboard, a
 * shop that takes callbacks, and one clock of platform and desks that only the test moves on.
 */
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Browser, signIn } from '../../apps/server/src/provider-api/sample-people.ts'
import { checkSignatures } from '../../apps/simulators/src/shop/check-signatures.ts'
import type { PaymentView } from '../../apps/simulators/src/traders/desks.ts'
import { type Answer, startWorld, type World } from '../world.ts'

export type DeskName = 'volga' | 'neva'

/** The live gateways of the desks, and the bank's page behind them. */
export const gateways = { volga: 541, neva: 542, bank: 520 } as const

export type Told = {
  readonly body: string
  readonly headers: IncomingHttpHeaders
  readonly type: string
  readonly id: string
  readonly attributes: Answer
}

export type Story = {
  readonly world: World
  readonly desks: World['simulators']['desks']
  /** A call of the private API of the merchant; fails unless it succeeds. */
  readonly call: (method: 'GET' | 'POST', path: string, attributes?: object) => Promise<Answer>
  /** A live invoice of 3900 roubles by transfer to a card, unless the wish says otherwise; its id. */
  readonly invoice: (wish?: object) => Promise<string>
  readonly attributes: (id: string) => Promise<Answer>
  readonly attempts: (id: string) => Promise<Answer[]>
  /** Attributes of the invoice once it is in that status. */
  readonly reaches: (id: string, status: string) => Promise<Answer>
  /** Once its payer has requisites: the order at the desk that gave them. */
  readonly issued: (id: string) => Promise<{ readonly desk: DeskName; readonly order: PaymentView }>
  /** The merchant complains, with this receipt; the appeal. */
  readonly appeal: (id: string, claim: { reason: string; amount?: number }) => Promise<Answer>
  readonly appealReaches: (id: string, appeal_id: string, status: string) => Promise<Answer>
  /** Lets time pass for everybody. */
  readonly pass: (minutes: number) => void
  /** The dashboard of the people of that desk. */
  readonly dashboard: (desk: DeskName) => Browser
  /** Of the live balance, in USDT. */
  readonly balance: (desk: DeskName) => Promise<{ available: string; held: string; frozen: string }>
  /** Kinds and changes of the live statement that are about this attempt, oldest first. */
  readonly statement: (desk: DeskName, attempt_id: string) => Promise<string[]>
  /** Callbacks about a payment or an appeal, whose signatures are right. */
  readonly told: (id: string) => Told[]
  readonly toldUntil: (id: string, statuses: readonly string[]) => Promise<Told[]>
  readonly close: () => Promise<void>
}

export const receipt = Buffer.from('%PDF-1.4\n% the bank says that 4000 roubles have left\n%%EOF\n')
const merchant_id = 'coma_DemoVolnaTravels'

export async function openStory(): Promise<Story> {
  let passed_ms = 0
  const world = await startWorld({ now: () => new Date(Date.now() + passed_ms) })
  world.simulators.answerTo(world.url)
  const { desks } = world.simulators
  const credentials = (await (await fetch(`${world.url}/demo/credentials.json`)).json()) as Answer
  const merchant = credentials.accounts.find(({ id }: { id: string }) => id === merchant_id)
  const shop = await openShop()
  const dashboards = new Map<string, Browser>()
  for (const { login: email, password } of credentials.providers) {
    dashboards.set(email.split(/[@.]/)[1], await signIn(world.url, { email, password }))
  }

  const call: Story['call'] = async (method, path, attributes) => {
    const response = await fetch(`${world.url}/api${path}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`${merchant.id}:${merchant.api_key}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      ...(attributes && { body: JSON.stringify({ data: { attributes } }) }),
    })
    const document = (await response.json()) as Answer
    assert.ok(response.ok, JSON.stringify(document))
    return document.data
  }
  const attributes: Story['attributes'] = async (id) => (await call('GET', `/payment-invoices/${id}`)).attributes
  const attempts: Story['attempts'] = (id) => call('GET', `/payment-invoices/${id}/attempts`)
  const browserOf = (desk: DeskName): Browser => dashboards.get(desk) as Browser
  const read = async (desk: DeskName, path: string): Promise<Answer> => {
    const { status, body, text } = await browserOf(desk).get(path)
    assert.equal(status, 200, text)
    return body
  }

  return {
    world,
    desks,
    call,
    attributes,
    attempts,
    async invoice(wish = {}) {
      const usual = { test_mode: false, amount: 3900, currency: 'RUB', service: 'card_transfer_rub_invoice' }
      return (await call('POST', '/payment-invoices', { ...usual, callback_url: shop.url, ...wish })).id
    },
    reaches: (id, status) =>
      until(`invoice ${status}`, async () => {
        const found = await attributes(id)
        return found.status === status ? found : null
      }),
    issued: (id) =>
      until('requisites', async () => {
        const attempt = (await attempts(id)).at(-1)
        if (attempt?.attributes.status !== 'incomplete') return null
        for (const desk of ['volga', 'neva'] as const) {
          const order = desks.payments(desk).find((one) => one.idempotency_key === attempt.id)
          if (order) return { desk, order }
        }
        return null
      }),
    appeal: (id, claim) =>
      call('POST', `/payment-invoices/${id}/appeals`, {
        ...claim,
        comment: 'The payer has sent us his receipt',
        receipt: { name: 'receipt.pdf', content: receipt.toString('base64') },
      }),
    appealReaches: (id, appeal_id, status) =>
      until(`appeal ${status}`, async () => {
        const found = (await call('GET', `/payment-invoices/${id}/appeals/${appeal_id}`)).attributes
        return found.status === status ? found : null
      }),
    pass(minutes) {
      passed_ms += minutes * 60_000
      desks.advance({ advance_s: minutes * 60 })
    },
    dashboard: browserOf,
    async balance(desk) {
      const { available, held, frozen } = await read(desk, '/balance')
      return { available, held, frozen }
    },
    async statement(desk, attempt_id) {
      const { lines } = await read(desk, '/statement?limit=100')
      const own = lines.filter((line: Answer) => line.attempt_id === attempt_id)
      return own.reverse().map(({ kind, change }: Answer) => `${kind} ${change}`)
    },
    told: (id) => shop.received.filter((one) => one.id === id && isGenuine(one, merchant, passed_ms)),
    toldUntil: (id, statuses) =>
      until(`callbacks ${statuses.join(', ')}`, async () => {
        const all = shop.received.filter((one) => one.id === id)
        assert.ok(
          all.every((one) => isGenuine(one, merchant, passed_ms)),
          'a callback is not signed right',
        )
        return statuses.every((status) => all.some((one) => one.attributes.status === status)) ? all : null
      }),
    async close() {
      await world.close()
      await shop.close()
    },
  }
}

/** Both signatures, reckoned here and by the demo shop. */
function isGenuine({ body, headers }: Told, merchant: Answer, passed_ms: number): boolean {
  const { private_key } = merchant.live
  const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  const own = `v1,${createHmac('sha256', private_key).update(text).digest('base64')}`
  const now = new Date(Number(headers['webhook-timestamp']) * 1_000)
  const age_ms = Date.now() + passed_ms - now.getTime()
  const checks = checkSignatures({ body, headers: headers as Record<string, string>, now }, [merchant])
  return headers['webhook-signature'] === own && checks.x_signature && checks.webhook_signature && age_ms > -60_000
}

/** Knows what it was told already by the id of the callback: a delivery that hangs while the test lets time pass is repeated. */
async function openShop() {
  const received: Told[] = []
  const known = new Set<unknown>()
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString()
    const { type, id, attributes } = JSON.parse(body).data
    if (!known.has(request.headers['webhook-id'])) {
      known.add(request.headers['webhook-id'])
      received.push({ body, headers: request.headers, type, id, attributes })
    }
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callbacks`,
    received,
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => void server.close(() => resolve()))
    },
  }
}

export async function until<T>(what: string, look: () => Promise<T | null | undefined | false>): Promise<T> {
  for (let looks = 0; looks < 600; looks += 1) {
    const found = await look()
    if (found) return found
    await sleep(50)
  }
  throw new Error(`never seen: ${what}`)
}
