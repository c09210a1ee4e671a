import { formatMinor } from '@cascad/money'
import type { Account } from '../accounts/account.ts'
import { type RequisitesSecret, requisitesPurpose } from '../cascades/close-provider-payment.ts'
import { listProviderPaymentsOf } from '../cascades/find-provider-payment.ts'
import { findSettlement } from '../cascades/find-settlement.ts'
import type { ProviderPaymentRow } from '../cascades/provider-payment.ts'
import type { Context } from '../context.ts'
import { getExponent } from '../directory/currencies.ts'
import type { State } from '../payments/find-payment.ts'
import { requisiteMethod } from '../payments/live-connections.ts'
import { isClosed } from '../payments/payment.ts'
import { recentGateways } from '../routing/load-routing.ts'
import type { RequisitesPhase, RequisitesView } from './requisites-view.ts'
import { mayAppeal, phaseOf, wasShown, whatPayerMay } from './rules/what-payer-sees.ts'
import { seenPayment } from './seen-payment.ts'
import { selectRequisites } from './table.ts'

/**
 * What the payer's page shows of a payment by requisites; reading it changes nothing. `null` = its method is not paid by
 * requisites, or another way to pay was chosen since. Number and owner in full only as long as they may be transferred to.
 */
export async function readRequisitesView(ctx: Context, account: Account, state: State): Promise<RequisitesView | null> {
  const { payment } = state
  const rows = await listProviderPaymentsOf(ctx.sql, account.id, payment.id)
  const method = await methodOf(ctx, state, rows)
  if (method === null) return null
  const now = ctx.now()
  const seen = seenPayment(payment)
  const phase = phaseOf(seen, rows, now)
  const set = setOf(phase, rows)
  const currency = set?.currency ?? payment.service_currency ?? payment.currency
  const amount_minor = set?.amount_minor ?? payment.payment_service_amount_minor ?? payment.payment_amount_minor
  return {
    phase,
    method,
    shown: set && (await shownOf(ctx, set, phase, now)),
    amount: formatMinor(amount_minor, await getExponent(ctx, currency)),
    currency,
    expires_at: set?.expires_at ?? null,
    asked: rows.length,
    now,
    ...whatPayerMay(seen, rows, now),
    may_appeal: phase !== 'paid' && account.options.payer_appeals && (await isAppealable(ctx, rows, now)),
  }
}

/** What the payer transfers by; `null` = not by requisites. */
async function methodOf(
  ctx: Context,
  { payment, attempts }: State,
  rows: readonly ProviderPaymentRow[],
): Promise<RequisitesView['method'] | null> {
  const last = rows.at(-1)
  const tried = attempts.at(-1)
  // The rows were read after the attempts, and may already hold the next one of a search.
  if (tried && !rows.some(({ attempt_id }) => attempt_id === tried.id)) return null
  if (last && (last.state === 'issued' || isClosed(payment))) return last.method
  if (isClosed(payment)) return null
  for (const { connector, test_mode } of (await recentGateways(ctx)).values()) {
    const method = requisiteMethod(ctx.connectors.get(connector), payment.service_method)
    if (method && test_mode === payment.test_mode) return method
  }
  return null
}

/** The requisites that the phase is about; `null` = there are none to speak of. */
function setOf(phase: RequisitesPhase, rows: readonly ProviderPaymentRow[]): ProviderPaymentRow | null {
  const shown = rows.filter(wasShown)
  if (phase === 'paid') return shown.find(({ state }) => state === 'success') ?? shown.at(-1) ?? null
  if (phase === 'ended') return shown.at(-1) ?? null
  const last = rows.at(-1)
  return last && wasShown(last) ? last : null
}

async function shownOf(
  ctx: Context,
  set: ProviderPaymentRow,
  phase: RequisitesPhase,
  now: Date,
): Promise<RequisitesView['shown']> {
  const { bank, owner_mask, number_mask, expires_at } = set
  if (bank === null || owner_mask === null || number_mask === null) return null
  const isOpen = (phase === 'waiting' || phase === 'claimed') && expires_at !== null && expires_at > now
  const encrypted = isOpen ? await selectRequisites(ctx.sql, set) : null
  if (encrypted === null) return { bank, owner: owner_mask, number: number_mask, masked: true }
  const secret: RequisitesSecret = JSON.parse(ctx.secrets.decrypt(encrypted, requisitesPurpose(set.attempt_id)))
  return { bank, owner: secret.owner, number: secret.number, masked: false }
}

async function isAppealable(ctx: Context, rows: readonly ProviderPaymentRow[], now: Date): Promise<boolean> {
  const over = rows.filter((row) => mayAppeal(row, now))
  if (over.length === 0) return false
  const settlements = await Promise.all(over.map((row) => findSettlement(ctx.sql, row)))
  return settlements.every((settlement) => settlement !== null && !settlement.appeal_open)
}
