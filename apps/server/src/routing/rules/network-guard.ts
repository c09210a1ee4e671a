/**
 * What the card networks forbid: never-retry blocks and ceilings of declined attempts. Cascading rules, sections 7.3 and 7.4.
 * Pure; settings may lower a ceiling, nothing raises one.
 */
import type { ReadSignal } from './classify-decline.ts'
import type { DeclineClass } from './decline-class.ts'
import { type BlockScope, neverScope } from './never-scope.ts'

export type Network = 'visa' | 'mastercard' | 'other'

export function networkOf(brand: string | null): Network {
  const name = brand?.toLowerCase()
  if (name === 'visa') return 'visa'
  return name === 'mastercard' || name === 'maestro' ? 'mastercard' : 'other'
}

/** Declined attempts of a window after which no further one is made. */
export type NetworkLimits = {
  readonly visa_30d_limit: number
  readonly mastercard_24h_limit: number
  readonly mastercard_30d_limit: number
}

/** The networks' own; settings may only be lower. */
export const networkCeilings: NetworkLimits = {
  visa_30d_limit: 20,
  mastercard_24h_limit: 10,
  mastercard_30d_limit: 35,
}
const otherDaily_max = 10

export type CeilingName = 'visa_30d' | 'mastercard_24h' | 'mastercard_30d' | 'other_24h'

/** `per` card: all its attempts at the acceptor in 24 hours. `amount`: those of equal amount and currency in 30 days. */
export type Ceiling = { readonly name: CeilingName; readonly per: 'card' | 'amount'; readonly max: number }

export function ceilingsOf(network: Network, limits: NetworkLimits): readonly Ceiling[] {
  const lowered = (name: keyof NetworkLimits): number => Math.min(limits[name], networkCeilings[name])
  switch (network) {
    case 'visa':
      return [{ name: 'visa_30d', per: 'amount', max: lowered('visa_30d_limit') }]
    case 'mastercard':
      return [
        { name: 'mastercard_24h', per: 'card', max: lowered('mastercard_24h_limit') },
        { name: 'mastercard_30d', per: 'amount', max: lowered('mastercard_30d_limit') },
      ]
    case 'other':
      return [{ name: 'other_24h', per: 'card', max: otherDaily_max }]
  }
}

const hour_ms = 3_600_000
const day_ms = 24 * hour_ms
const blockDays = 30

/** What was decided at the edge or before counts no longer. */
export function windowEdges(now: Date): { readonly day: Date; readonly month: Date } {
  return { day: new Date(now.getTime() - day_ms), month: new Date(now.getTime() - 30 * day_ms) }
}

export type NetworkBlock = {
  readonly id: string
  readonly scope: BlockScope
  readonly amount_minor: bigint
  readonly currency: string
  /** The code that set it, such as `network_code 43`. */
  readonly reason: string
  /** From this moment on it holds no longer; `null` = until an operator lifts it. */
  readonly ends_at: Date | null
}

/** What is known of a card at an acceptor. */
export type CardRecord = {
  /** Those that are not lifted. */
  readonly blocks: readonly NetworkBlock[]
  /** Counted attempts of the last 24 hours, and those with the amount in question of the last 30 days. */
  readonly counted_24h: number
  readonly counted_30d: number
}

export type NextAttempt = {
  readonly network: Network
  readonly amount_minor: bigint
  readonly currency: string
  /** The payer is not there. */
  readonly merchant_initiated: boolean
}

/** Why no attempt may be made, with the code of the Card API and the resolution of the merchant API. */
export type NetworkVerdict =
  | { readonly code: 'F.2004'; readonly resolution: string; readonly block: NetworkBlock }
  | { readonly code: 'F.2005'; readonly resolution: string; readonly ceiling: Ceiling; readonly used: number }

const resolutionOfScope: Readonly<Record<BlockScope, string>> = {
  card: 'fatal_invalid_card',
  amount: 'fatal_decline',
  recurring: 'fatal_decline',
  recurring_all: 'fatal_decline',
  wait: 'general_decline',
}

/** `null` = the networks have nothing against this attempt. */
export function judgeCard(
  record: CardRecord,
  next: NextAttempt,
  limits: NetworkLimits,
  now: Date,
): NetworkVerdict | null {
  const block = record.blocks.find((one) => (one.ends_at === null || one.ends_at > now) && covers(one, next))
  if (block) return { code: 'F.2004', resolution: resolutionOfScope[block.scope], block }
  for (const ceiling of ceilingsOf(next.network, limits)) {
    const used = usedOf(ceiling, record)
    if (used >= ceiling.max) return { code: 'F.2005', resolution: 'card_usage_limit_violation', ceiling, used }
  }
  return null
}

function covers(block: NetworkBlock, next: NextAttempt): boolean {
  switch (block.scope) {
    case 'card':
    case 'wait':
      return true
    case 'amount':
      return block.amount_minor === next.amount_minor && block.currency === next.currency
    case 'recurring':
    case 'recurring_all':
      return next.merchant_initiated
  }
}

/** Counted attempts against a ceiling. */
export function usedOf({ per }: Ceiling, record: CardRecord): number {
  return per === 'card' ? record.counted_24h : record.counted_30d
}

export type NewBlock = Pick<NetworkBlock, 'scope' | 'reason' | 'ends_at'>

/** A decline as the tables read it. */
export type ReadDecline = {
  readonly class: DeclineClass
  readonly signals: readonly ReadSignal[]
  /** Hours until a repeat is allowed; class `wait` only. */
  readonly wait_h: number | null
}

/** The blocks that a decline sets: at most one of each scope. */
export function blocksOf(decline: ReadDecline, now: Date): readonly NewBlock[] {
  const blocks = new Map<BlockScope, NewBlock>()
  const add = (scope: BlockScope, reason: string, ends_at: Date | null): void => {
    if (!blocks.has(scope)) blocks.set(scope, { scope, reason, ends_at })
  }
  for (const { kind, code, class: read } of decline.signals) {
    const scope = read === 'never' ? neverScope(kind, code) : null
    if (scope === null) continue
    const forever = scope === 'recurring' || scope === 'recurring_all'
    add(scope, `${kind} ${code}`, forever ? null : new Date(now.getTime() + blockDays * day_ms))
  }
  if (decline.class === 'wait') {
    const said = decline.signals.find((signal) => signal.class === 'wait')
    const reason = said ? `${said.kind} ${said.code}` : 'wait'
    add('wait', reason, new Date(now.getTime() + (decline.wait_h ?? 72) * hour_ms))
  }
  return [...blocks.values()]
}

/** What nobody at the network or the issuer declined. */
const notCounted: ReadonlySet<string> = new Set<DeclineClass>([
  'unreachable',
  'refusal',
  'gateway_rejected',
  'platform_risk',
])

export type CountState = 'open' | 'declined' | 'free'

/** How an attempt counts. `open` counts until it is resolved; an approval counts for nothing and resets nothing. */
export function countState(status: string, decline_class: string | null): CountState {
  if (status === 'sent' || status === 'incomplete' || status === 'unknown') return 'open'
  return status === 'declined' && !notCounted.has(decline_class ?? '') ? 'declined' : 'free'
}
