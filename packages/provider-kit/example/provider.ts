/**
 * A small provider to read and to run: `CASCADE_API_KEY=… node provider.ts`, PORT 8080. Requisites are a list below, payments
 * live in memory; `/` shows them with a button each for 'paid'. Listens on this machine only: the page has no login.
 */
import { randomUUID } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import {
  type CascadeHandlers,
  Conflict,
  type CreatePaymentInput,
  createCascadeHandler,
  type IssuedPayment,
  NotFound,
  type PaymentStatus,
  Refusal,
  toMinor,
  toNodeListener,
  WindowOpen,
  windowGuard,
} from '@cascad/provider-kit'

type Payment = { readonly id: string; readonly asked: CreatePaymentInput; status: PaymentStatus }
type Appeal = { readonly payment: Payment; readonly before: PaymentStatus; open: boolean }

const requisites: Readonly<Record<string, Omit<IssuedPayment, 'id' | 'status'>>> = {
  card: { bank: 'Example Bank', owner: 'Ivan Ivanov', cardNumber: '5363 5423 1029 7979' },
  sbp: { bank: 'Example Bank', owner: 'Ivan Ivanov', sbpNumber: '+70001234567' },
}
const amount_min = toMinor('100', 2)
const amount_max = toMinor('300000', 2)

const payments = new Map<string, Payment>()
const appeals = new Map<string, Appeal>()
const guard = windowGuard()

const handlers: CascadeHandlers = {
  async createPayment(asked) {
    const given = requisites[asked.method]
    if (!given) throw new Refusal('METHOD_UNSUPPORTED', 'card and sbp only')
    if (asked.currency !== 'RUB') throw new Refusal('CURRENCY_UNSUPPORTED', 'RUB only')
    const amount = toMinor(asked.amount, 2)
    if (amount < amount_min || amount > amount_max) throw new Refusal('AMOUNT_OUT_OF_RANGE', 'from 100 to 300000')
    const payment: Payment = { id: randomUUID(), asked, status: 'pending' }
    payments.set(payment.id, payment)
    return { id: payment.id, status: 'pending', ...given }
  },
  getPayment: async ({ id }) => ({ status: known(id).status }),
  async cancelPayment({ id }) {
    const payment = known(id)
    if (payment.status === 'success') throw new Conflict('it is paid')
    payment.status = 'failed'
  },
  async createAppeal({ id }) {
    const payment = known(id)
    const appealId = randomUUID()
    appeals.set(appealId, { payment, before: payment.status, open: true })
    payment.status = 'appeal'
    return { appealId }
  },
  cancelAppeal: async ({ id }) => close(id, null),
  confirmAppeal: async ({ id }) => close(id, 'success'),
}

function known(id: string): Payment {
  const payment = payments.get(id)
  if (!payment) throw new NotFound()
  return payment
}

function close(id: string, status: PaymentStatus | null): void {
  const appeal = appeals.get(id)
  if (!appeal) throw new NotFound()
  if (!appeal.open) throw new Conflict('it is closed')
  appeal.open = false
  appeal.payment.status = status ?? appeal.before
}

/** The trading desk's own news: only here may a payment fail, and not before its window is over. */
async function settle(id: string, status: PaymentStatus): Promise<number> {
  const payment = payments.get(id)
  if (!payment) return 404
  try {
    await guard.setStatus(id, status, async () => {
      payment.status = status
    })
    return 303
  } catch (error) {
    if (error instanceof WindowOpen) return 409
    throw error
  }
}

function showPage(response: ServerResponse): void {
  const rows = [...payments.values()].reverse().map(({ id, asked, status }) => {
    const button = (to: string) => `<button formaction="/payments/${id}/${to}">${to}</button>`
    return `<tr><td>${id}<td>${asked.amount} ${asked.currency}<td>${asked.method}<td>${status}<td>${button('success')}${button('failed')}`
  })
  const table = `<table><tr><th>Payment<th>Amount<th>Method<th>Status<th>It was${rows.join('')}</table>`
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
  response.end(
    `<!doctype html><html lang="en"><title>Payments</title><h1>Payments</h1><form method="post">${table}</form>`,
  )
}

const { CASCADE_API_KEY: apiKey = '', PORT = '8080' } = process.env
const cascade = toNodeListener(createCascadeHandler({ apiKey, handlers: guard.watch(handlers) }))

const server = createServer(async (request, response) => {
  const [, id, status] = /^\/payments\/([0-9a-f-]{36})\/(success|failed)$/.exec(request.url ?? '') ?? []
  if (request.url === '/cascade') return cascade(request, response)
  if (request.url === '/' && request.method === 'GET') return showPage(response)
  // A page of another site must not be able to press our buttons.
  const own = request.headers.origin === undefined || request.headers.origin === `http://${request.headers.host}`
  const code = id && request.method === 'POST' && own ? await settle(id, status as PaymentStatus) : 404
  response.writeHead(code, code === 303 ? { location: '/' } : {}).end()
})
server.listen(Number(PORT), '127.0.0.1', () => {
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : PORT
  process.stdout.write(
    `Provider ready: events at http://127.0.0.1:${port}/cascade, payments at http://127.0.0.1:${port}/\n`,
  )
})
