/** The merchants of the benchmark, in a process of their own: create an invoice, pay it host-to-host, see it processed. */
import { openWire, type Wire } from './wire.ts'

export type LoadOrder = {
  readonly url: string
  /** `invoices`: create, then pay, with account id and API key; `transactions`: one request with shop id and secret. */
  readonly kind: 'invoices' | 'transactions'
  readonly merchants: readonly { readonly user: string; readonly password: string }[]
  readonly concurrency: number
  readonly warm_up_ms: number
  readonly measure_ms: number
  /** Payments started per second in all; `null` = as fast as answers come. */
  readonly rate: number | null
}

export type LoadResult = {
  readonly payments: number
  readonly failed: number
  readonly seconds: number
  /** Seconds of CPU that the load itself took, warming up included, and the payments of all that time. */
  readonly cpu: number
  readonly started: number
  readonly create_ms: Percentiles
  readonly sale_ms: Percentiles
}

export type Percentiles = { readonly p50: number; readonly p95: number; readonly p99: number }

export function percentiles(values: number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

const card = { card_number: '5519283812030000', cvv: '123', exp_month: '12', exp_year: '2030' }
const saleBody = JSON.stringify({ data: { type: 'sale-operation', attributes: card } })
const createBody = JSON.stringify({
  data: {
    type: 'payment-invoices',
    attributes: {
      amount: 100.5,
      currency: 'USD',
      service: 'payment_card_usd_hpp',
      test_mode: true,
      description: 'Benchmark',
      metadata: { key: 'value' },
      return_url: 'https://shop.example/return',
      callback_url: 'https://shop.example/callbacks',
    },
  },
})

/** The same payment by the Card API; its tracking_id is its own. */
export const transactionRequest = {
  amount: 10_050,
  currency: 'USD',
  description: 'Benchmark',
  duplicate_check: false,
  notification_url: 'https://shop.example/notifications',
  return_url: 'https://shop.example/return',
  credit_card: {
    number: card.card_number,
    verification_value: card.cvv,
    holder: 'John Doe',
    exp_month: card.exp_month,
    exp_year: card.exp_year,
  },
  customer: { ip: '127.0.0.1', email: 'john@example.com' },
}

export async function runLoad(order: LoadOrder): Promise<LoadResult> {
  const authorizations = order.merchants.map(
    ({ user, password }) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
  )
  const cpuBefore = process.cpuUsage()
  const begin = performance.now()
  const measureFrom = begin + order.warm_up_ms
  const end = measureFrom + order.measure_ms
  const create_ms: number[] = []
  const sale_ms: number[] = []
  let failed = 0
  let started = 0

  const transact = async ({ post }: Wire, authorization: string, number: number): Promise<void> => {
    const t0 = performance.now()
    const request = { ...transactionRequest, tracking_id: `bench-${process.pid}-${number}` }
    const { status, text } = await post('/transactions/payments', authorization, JSON.stringify({ request }))
    const t1 = performance.now()
    if (status !== 200 || !text.includes('"status":"successful"'))
      throw new Error(`payment answered ${status}: ${text.slice(0, 300)}`)
    if (t1 >= measureFrom && t1 <= end) sale_ms.push(t1 - t0)
  }
  const pay = async ({ post }: Wire, authorization: string): Promise<void> => {
    const t0 = performance.now()
    const created = await post('/api/payment-invoices', authorization, createBody)
    const t1 = performance.now()
    const token = /"token":"([^"]+)"/.exec(created.text)?.[1]
    if (created.status !== 201 || !token)
      throw new Error(`create answered ${created.status}: ${created.text.slice(0, 300)}`)
    const sale = await post('/payment/sale', `Bearer ${token}`, saleBody)
    const t2 = performance.now()
    if (sale.status !== 201 || !sale.text.includes('"status":"processed"'))
      throw new Error(`sale answered ${sale.status}: ${sale.text.slice(0, 300)}`)
    if (t2 < measureFrom || t2 > end) return
    create_ms.push(t1 - t0)
    sale_ms.push(t2 - t1)
  }
  const lane = async (wire: Wire): Promise<void> => {
    while (performance.now() < end) {
      const number = started
      started += 1
      if (order.rate !== null) {
        const at = begin + (number * 1000) / order.rate
        if (at > end) return
        const wait = at - performance.now()
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
      }
      const authorization = authorizations[number % authorizations.length] as string
      await (order.kind === 'invoices' ? pay(wire, authorization) : transact(wire, authorization, number)).catch(
        (error: unknown) => {
          failed += 1
          if (failed <= 3) console.error(String(error))
        },
      )
    }
  }
  const wires = Array.from({ length: order.concurrency }, () => openWire(order.url))
  await Promise.all(wires.map(lane))
  for (const wire of wires) wire.close()
  const { user, system } = process.cpuUsage(cpuBefore)
  return {
    payments: sale_ms.length,
    failed,
    cpu: (user + system) / 1e6,
    started,
    seconds: order.measure_ms / 1000,
    create_ms: percentiles(create_ms),
    sale_ms: percentiles(sale_ms),
  }
}

if (process.send)
  process.on('message', (order: LoadOrder) => {
    void runLoad(order).then((result) => process.send?.(result))
  })
process.on('disconnect', () => process.exit(0))
