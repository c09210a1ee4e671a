/** What happened in a run, as a table for people. */
import type { Product } from '../product/product.ts'
import { readBooks } from '../product/rules.ts'
import type { RunResult } from './run.ts'

export async function report(product: Product, result: RunResult): Promise<string> {
  const books = await readBooks(product.ctx.sql, product)
  const attempts = [...books.attempts.values()].flat()
  const entries = [...books.providers.values()]
  const lines: [string, unknown][] = [
    ['payers', result.seen.length],
    ['merchants with cards', result.shopped.length],
    ['transactions', result.shopped.reduce((sum, { uids }) => sum + uids.length, 0)],
    ['payers by transfer', result.transferred.length],
    ['payments', books.payments.length],
    ...count(
      'payment',
      books.payments.map(({ status }) => status),
    ),
    ['attempts', attempts.length],
    ...count(
      'attempt',
      attempts.map(({ status }) => status),
    ),
    ['hops', attempts.filter(({ decision }) => decision === 'hop').length],
    ['late approvals', attempts.filter(({ late_approval }) => late_approval).length],
    ['of these reversed', attempts.filter(({ reversal_status }) => reversal_status === 'done').length],
    ['charges at providers', entries.filter(({ charged }) => charged).length],
    ['voids at providers', entries.filter(({ voided }) => voided).length],
    ['refunds asked for', result.seen.reduce((sum, one) => sum + one.refunds_asked, 0)],
    ['refunds done', books.payments.reduce((sum, one) => sum + one.refunds_done, 0)],
    ['refunds failed', books.payments.reduce((sum, one) => sum + one.refunds_failed, 0)],
    ...(await transfers(product)),
    ['callback events', [...books.events.values()].flat().length],
    ['callbacks received', product.shop.received.length],
    ['processes killed', result.kills],
    ['seconds', Math.round(result.duration_ms / 1000)],
    ['rules broken', result.broken.length],
    ['faults logged', result.faults.length],
  ]
  return [`seed ${result.seed}`, ...lines.map(([name, value]) => `  ${name.padEnd(34)} ${value}`)].join('\n')
}

async function transfers({ ctx }: Product): Promise<[string, unknown][]> {
  const rows = await ctx.sql<{ what: string; count: number }[]>`
    select 'requisites ' || state || case when late then ', late' else '' end || case when orphan then ', orphan' else '' end as what,
      count(*)::int as count from provider_payments group by 1
    union all select 'appeal ' || state || ', ' || coalesce(close_note, 'open'), count(*)::int from appeals group by 1
    union all select 'settled by appeal: ' || kind, count(*)::int from appeal_settlements group by 1
    union all select 'case ' || kind, count(*)::int from provider_cases group by 1
    order by 1`
  return rows.map(({ what, count: number }) => [`  ${what}`, number])
}

function count(what: string, values: readonly string[]): [string, number][] {
  const groups = Map.groupBy(values, (value) => value)
  return [...groups].sort(([a], [b]) => a.localeCompare(b)).map(([value, all]) => [`  ${what} ${value}`, all.length])
}
