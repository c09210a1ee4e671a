import type { RequisiteMethod } from '@cascad/connector/requisites'
import type { ConformanceReport } from '@cascad/connector/trials'
import type { Context } from '../context.ts'
import type { Transaction } from '../database/connect.ts'
import { recordingSend, trialOf, type Which } from './call-endpoint.ts'
import { updateSettings } from './connection-settings-table.ts'
import { methodsOf, type OwnConnection } from './read-connection.ts'
import { saveCredentials } from './save-credentials.ts'
import { type TrialWish, trialTerms } from './trial-terms.ts'

export type ConformanceOrder = Omit<TrialWish, 'method'> & {
  readonly which: Which
  /** Decimal text; left out = far more than the agreed limits. */
  readonly amount_above_max?: string
  /** Puts what was found into the settings: whether repeats are known, and the spelling of events, which waits for a test. */
  readonly apply: boolean
}

export type ConformanceResult =
  | { readonly type: 'run'; readonly report: ConformanceReport; readonly applied: readonly string[] }
  | { readonly type: 'invalid'; readonly fields: Readonly<Record<string, string>> }
  | { readonly type: 'nothing_to_test' }

type Beside = (tx: Transaction, report: ConformanceReport, applied: readonly string[]) => Promise<void>

const total_timeout_ms = 60_000
/** A sum nobody takes from one payer. */
const usual_above_max = '100000000000'

/**
 * Tries K1–K12 at an endpoint: about thirty payments that nobody pays, each cancelled at the end. Nothing is held or counted.
 * `beside` is written in the commit of what is put into the settings. Cascade API, section 18.4.
 */
export async function runConformanceAt(
  ctx: Context,
  own: OwnConnection,
  order: ConformanceOrder,
  by: string,
  beside?: Beside,
): Promise<ConformanceResult> {
  const trial = trialOf(ctx, own, order.which)
  if (!trial) return { type: 'nothing_to_test' }
  const terms = await trialTerms(ctx, own, order)
  if ('fields' in terms) return { type: 'invalid', fields: terms.fields }
  const amount_above_max = order.amount_above_max ?? usual_above_max
  const fields = mistakesIn(terms.amount, amount_above_max)
  if (Object.keys(fields).length > 0) return { type: 'invalid', fields }
  const report = await trial.trials.conformance(
    {
      credentials: trial.credentials,
      methods: methodsOf(own) as RequisiteMethod[],
      currency: terms.currency,
      amount: terms.amount,
      amount_above_max,
      currency_rate: terms.currency_rate,
      total_timeout_ms,
    },
    recordingSend(ctx, trial),
  )
  const applied = await ctx.sql.begin(async (tx) => {
    const found = order.apply ? await apply({ ...ctx, sql: tx }, own, report, by) : []
    await beside?.(tx, report, found)
    return found
  })
  return { type: 'run', report, applied }
}

function mistakesIn(amount: string, amount_above_max: string): Record<string, string> {
  const fields: Record<string, string> = {}
  const isAmount = (text: string): boolean => /^\d{1,15}(\.\d{1,8})?$/.test(text) && /[1-9]/.test(text)
  if (!isAmount(amount)) fields.amount = 'must be an amount above 0'
  if (!isAmount(amount_above_max)) fields.amount_above_max = 'must be an amount above 0'
  return fields
}

async function apply(
  ctx: Omit<Context, 'sql'> & { readonly sql: Transaction },
  own: OwnConnection,
  report: ConformanceReport,
  by: string,
): Promise<string[]> {
  const { gateway_id, supports_idempotency_key } = own.row
  const applied: string[] = []
  if (report.idempotency_key !== null && report.idempotency_key !== supports_idempotency_key) {
    await updateSettings(ctx.sql, gateway_id, { supports_idempotency_key: report.idempotency_key }, ctx.now())
    applied.push('supports_idempotency_key')
  }
  if (report.event_form === 'bare' || report.event_form === 'prefixed') {
    const saved = await saveCredentials(ctx, own, { event_form: report.event_form }, by)
    if (saved.type === 'saved' && saved.pending) applied.push('event_form')
  }
  return applied
}
