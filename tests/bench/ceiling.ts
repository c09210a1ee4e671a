/**
 * The ceiling: the rows of one payment written by the bare statements alone, prepared, at the same concurrency and in the same
 * number of transactions. The statements and their values are recorded from one real payment and replayed under new ids.
 */
import { randomBytes } from 'node:crypto'
import { connect } from '../../apps/server/src/database/connect.ts'
import { newId, newUid, serialNumber } from '../../apps/server/src/ids.ts'
import type { Payment } from '../../apps/server/src/payments/payment.ts'

export type Statement = { readonly text: string; readonly values: readonly unknown[] }
export type CeilingOrder = {
  readonly database_url: string
  readonly statements: readonly Statement[]
  readonly recorded: Pick<Payment, 'account_id'>
  readonly account_ids: readonly string[]
  readonly concurrency: number
  readonly warm_up_ms: number
  readonly measure_ms: number
}
export type CeilingResult = { readonly payments: number; readonly seconds: number }

/** Serial numbers of ids, generated references and keyed hashes are what a replay must make anew; other text stays as it was. */
const changing =
  /(?<=\b(?:cpi|pay|trf|evt|cgi|coma|org)_)[0-9A-Za-z]{16}\b|^[0-9A-Za-z_-]{43}$|\b[0-9A-Za-z]{16}(?=-\d\b)|[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** Text cut at what changes: even parts stay, odd ones are names. A value without such parts stays as it is. */
function template(value: unknown): unknown {
  if (typeof value !== 'string') return value
  const parts: string[] = []
  let end = 0
  for (const match of value.matchAll(changing)) {
    parts.push(value.slice(end, match.index), match[0])
    end = match.index + match[0].length
  }
  return parts.length === 0 ? value : [...parts, value.slice(end)]
}

/** Another name of the same form: serial number, keyed hash, UUID. */
function anew(key: string, now: Date): string {
  if (key.length === 16) return serialNumber(newId('attempt', now))
  return key.length === 43 ? randomBytes(32).toString('base64url') : newUid(now)
}

async function runCeiling(order: CeilingOrder): Promise<CeilingResult> {
  const sql = connect(order.database_url, {
    connections_max: order.concurrency,
    application_name: 'cascad-bench-ceiling',
  })
  const begin = performance.now()
  const measureFrom = begin + order.warm_up_ms
  const end = measureFrom + order.measure_ms
  let done = 0
  let turn = 0
  const templates = order.statements.map(({ text, values }) => ({ text, values: values.map(template) }))
  const fresh = (): ((key: string) => string) => {
    const made = new Map<string, string>()
    const now = new Date()
    return (key) => {
      let id = made.get(key)
      if (id === undefined) {
        id = anew(key, now)
        made.set(key, id)
      }
      return id
    }
  }

  const payOnce = async (): Promise<void> => {
    const account = serialNumber(order.account_ids[turn % order.account_ids.length] as string)
    turn += 1
    const idFor = fresh()
    const name = (key: string): string => (key === serialNumber(order.recorded.account_id) ? account : idFor(key))
    for (const { text, values } of templates) {
      const filled = values.map((value) =>
        Array.isArray(value) ? value.map((part, i) => (i % 2 === 0 ? part : name(part))).join('') : value,
      )
      const rows = await sql.unsafe(text, filled as never[], { prepare: true })
      if (rows.length !== 1) throw new Error(`the ceiling wrote nothing with: ${text.slice(0, 80)}`)
    }
    const at = performance.now()
    if (at >= measureFrom && at <= end) done += 1
  }
  const worker = async (): Promise<void> => {
    while (performance.now() < end) await payOnce()
  }
  await Promise.all(Array.from({ length: order.concurrency }, worker))
  await sql.end()
  return { payments: done, seconds: order.measure_ms / 1000 }
}

process.on('message', (order: CeilingOrder) => {
  void runCeiling(order).then((result) => process.send?.(result))
})
process.on('disconnect', () => process.exit(0))
