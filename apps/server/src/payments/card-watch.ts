/**
 * A running cascade's view of what the networks hold against the card: read once, beside everything else, and read again only
 * where another attempt with the card may have changed it. Cascading rules 7.3, 7.4, 10.
 */
import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import type { Fragment } from '../database/connect.ts'
import {
  type CardKey,
  type CardRow,
  endCount,
  loadCard,
  lookAtCard,
  readSeen,
  startCount,
} from '../routing/card-record.ts'
import {
  blocksOf,
  ceilingsOf,
  countState,
  judgeCard,
  type Network,
  type NetworkLimits,
  type NetworkVerdict,
  networkOf,
  type ReadDecline,
  usedOf,
  windowEdges,
} from '../routing/rules/network-guard.ts'
import type { PayerInput } from './call-gateway.ts'
import type { Drive } from './live-cascade.ts'
import type { Attempt, Payment } from './payment.ts'
import { brandOf } from './rules/card.ts'

export type CardWatch = {
  readonly key: CardKey
  readonly network: Network
  readonly amount_minor: bigint
  readonly currency: string
  readonly merchant_initiated: boolean
  /** As it was read last. */
  seen: CardRow
  /** Attempts of this payment that were there then. Later ones are counted from the rows in memory. */
  attempts_seen: number
  /** One of them that was left out of the counts: it is being decided just now. */
  deciding: number | null
}

/** A look at a card that came with another statement. `version`: of the payment, whose amount was asked about. */
export type SeenCard = { readonly fingerprint: string; readonly version: number; readonly column: unknown }

/** The part of the statement that stores a payment: the card that is to pay it, as it was before. */
export function lookBeforeStoring(
  ctx: Context,
  payment: Payment,
  { fingerprint, test_key }: { readonly fingerprint: string; readonly test_key: string },
): Fragment {
  return lookAtCard(ctx, { account_id: payment.account_id, fingerprint, test_key }, askedBy(payment))
}

/** The part of the statement that reads a payment of the merchant API from `payments`: the card that is to pay it. */
export function lookBesidePayment(ctx: Context, fingerprint: string): Fragment {
  const { sql } = ctx
  return lookAtCard(
    ctx,
    {
      account_id: sql`payments.account_id`,
      fingerprint,
      test_key: sql`case when payments.test_mode then payments.reference_id else '' end`,
    },
    {
      amount_minor: sql`coalesce(payments.payment_service_amount_minor, payments.payment_amount_minor)`,
      currency: sql`coalesce(payments.service_currency, payments.currency)`,
    },
  )
}

function askedBy(payment: Payment): { readonly amount_minor: bigint; readonly currency: string } {
  return {
    amount_minor: payment.payment_service_amount_minor ?? payment.payment_amount_minor,
    currency: payment.service_currency ?? payment.currency,
  }
}

/** `null` = no card, or one whose number is not known to us. A look that came with the payment saves one of our own. */
export async function openCardWatch(
  ctx: Context,
  account: Account,
  payment: Payment,
  payer: PayerInput,
  drive: Drive | undefined,
  before: SeenCard | null = null,
): Promise<CardWatch | null> {
  const fingerprint = payer.card ? ctx.secrets.cardFingerprint(payer.card.number) : (payer.saved?.fingerprint ?? null)
  if (fingerprint === null) return null
  const test_key = payment.test_mode ? (drive?.test_key ?? payment.reference_id) : ''
  const key = { account_id: account.id, fingerprint, test_key }
  const asked = askedBy(payment)
  const merchant_initiated = payer.wishes?.initiator === 'merchant'
  const of = { fingerprint, version: payment.version, merchant_initiated }
  return {
    key,
    ...asked,
    network: networkOf(payer.card ? brandOf(payer.card.number) : (payer.saved?.card.brand ?? null)),
    merchant_initiated,
    seen: seenBefore(before, of) ?? (await loadCard(ctx, key, { ...asked, without_attempt: '' })),
    attempts_seen: 0,
    deciding: null,
  }
}

type SeenFor = Omit<SeenCard, 'column'> & Pick<CardWatch, 'merchant_initiated'>

/**
 * What an earlier look has seen, as long as it is still so. With no attempt under way only a new one changes what holds for
 * the card at this acceptor, and it takes the number that the next attempt needs. Otherwise `null`.
 */
function seenBefore(before: SeenCard | null, now: SeenFor): CardRow | null {
  if (before?.fingerprint !== now.fingerprint || before.version !== now.version || now.merchant_initiated) return null
  const seen = readSeen(before.column)
  return seen.open === 0 ? seen : null
}

/** Reads again. `deciding`: the attempt whose end is being decided, not yet written. */
export async function lookAgain(
  ctx: Context,
  watch: CardWatch,
  attempts: readonly Attempt[],
  deciding: Attempt | null,
): Promise<void> {
  const { amount_minor, currency } = watch
  const without_attempt = deciding?.id ?? ''
  watch.seen = await loadCard(ctx, watch.key, { amount_minor, currency, without_attempt })
  watch.attempts_seen = attempts.length
  watch.deciding = deciding?.number ?? null
}

/** Others were trying the card when we looked, or may block it from elsewhere: what we saw does not tell enough. */
export function mayHaveChanged({ seen, merchant_initiated }: CardWatch): boolean {
  return merchant_initiated || seen.open > 0
}

/** May another attempt be made with the card? `attempts` as they will be written. */
export function judgeWatch(
  watch: CardWatch | null,
  attempts: readonly Attempt[],
  limits: NetworkLimits,
  now: Date,
): NetworkVerdict | null {
  return watch && judgeCard(recordOf(watch, attempts, now), watch, limits, now)
}

/** Counted / ceiling, such as `{visa_30d: '1/20'}`. */
export function ceilingsUsed(
  watch: CardWatch | null,
  attempts: readonly Attempt[],
  limits: NetworkLimits,
  now: Date,
): Readonly<Record<string, string>> {
  if (!watch) return {}
  const record = recordOf(watch, attempts, now)
  const ceilings = ceilingsOf(watch.network, limits)
  return Object.fromEntries(ceilings.map((one) => [one.name, `${usedOf(one, record)}/${one.max}`]))
}

function recordOf({ seen, attempts_seen, deciding }: CardWatch, attempts: readonly Attempt[], now: Date) {
  const { day, month } = windowEdges(now)
  const since = (edge: Date): number =>
    attempts.filter(
      (one) =>
        (one.number > attempts_seen || one.number === deciding) &&
        countState(one.status, one.class) !== 'free' &&
        (one.decided_at ?? now) > edge,
    ).length
  const { blocks, counted_24h, counted_30d } = seen
  return { blocks, counted_24h: counted_24h + since(day), counted_30d: counted_30d + since(month) }
}

/** The part of the statement that writes the next attempt; `attempts` are those before it. */
export function watchedStart(
  ctx: Context,
  watch: CardWatch | null,
  attempts: readonly Attempt[],
  next: Attempt,
): readonly Fragment[] {
  if (!watch) return []
  const seq = watch.seen.last_seq + 1 + (attempts.length - watch.attempts_seen)
  const { id, amount_minor, currency, sent_at } = next
  return [startCount(ctx, watch.key, seq, { id, network: watch.network, amount_minor, currency, at: sent_at })]
}

/** The parts of the statement that writes the end of an attempt: how it counts, and the blocks it sets. None while it is open. */
export function watchedEnd(
  ctx: Context,
  { payment, watch }: { readonly payment: Payment; readonly watch: CardWatch | null },
  before: Attempt,
  after: Attempt,
  decline: ReadDecline | null,
): readonly Fragment[] {
  const { card_fingerprint, account_id } = payment
  const state = countState(after.status, after.class)
  if (card_fingerprint === null || state === 'open' || countState(before.status, before.class) !== 'open') return []
  const { id, payment_id, number } = after
  const ended = {
    account_id,
    fingerprint: card_fingerprint,
    test_key: watch?.key.test_key ?? testKeyOf(payment),
    id,
    payment_id,
    number,
    state,
    at: after.decided_at ?? ctx.now(),
  }
  return endCount(ctx, ended, decline && after.status === 'declined' ? blocksOf(decline, ended.at) : [])
}

/** The part of a card's key that keeps tests apart, as far as the payment tells it. */
function testKeyOf({ test_mode, source, reference_id }: Payment): string | null {
  if (!test_mode) return ''
  return source === 'card_api' ? null : reference_id
}
