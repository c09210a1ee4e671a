/** What a "no" means: every signal read by its table, the strictest wins. Cascading rules, section 6.2. Pure. */
import type { DeclineSignals } from '@cascad/connector'
import { type AdviceReading, adviceCodes, advicePairs } from './advice-codes.ts'
import { classRules, type DeclineClass, isStricter } from './decline-class.ts'
import { networkCodes } from './network-codes.ts'
import { resolutionCodes } from './resolution-class.ts'
import { unifiedCodes } from './unified-codes.ts'

export type SignalKind = 'network_code' | 'advice_code' | 'pair' | 'unified_code' | 'resolution' | 'provider_code'

/** One rule of an operator: this code of this kind is to be read as this class. */
export type DeclineOverride = {
  readonly kind: Exclude<SignalKind, 'pair'>
  readonly code: string
  readonly class: DeclineClass
}

/** What must be known of the card; `null` fields = not known. */
export type DeclinedCard = {
  readonly brand: string | null
  readonly issuer_country?: string | null
  readonly three_ds_used?: boolean
}

export type ReadSignal = { readonly kind: SignalKind; readonly code: string; readonly class: DeclineClass | null }

export type Classification = {
  readonly class: DeclineClass
  /** Every code that came, with its reading; `null` = it has no entry and was ignored. */
  readonly signals: readonly ReadSignal[]
  /** Hours until a repeat is allowed; class `wait` only. */
  readonly wait_h: number | null
  /** Our set-up at the gateway seems wrong. */
  readonly alarm: boolean
  /** What the invoice shows: the provider's own resolution, else that of the class. */
  readonly resolution: string
  /** What the Card API shows: the provider's own code, else that of the class; `null` for classes of connections. */
  readonly unified_code: string | null
}

/** Classes an override may make milder; all others only stricter. */
const mayBeMilder: ReadonlySet<DeclineClass> = new Set<DeclineClass>([
  'gateway_rejected',
  'acquirer_technical',
  'issuer_technical',
  'soft_generic',
  'acquirer_risk',
  'unmapped',
  'limit',
  'insufficient_funds',
])

const authenticationCountries = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK'.split(' '),
)

type Reading = {
  readonly kind: SignalKind
  readonly code: string
  readonly class: DeclineClass | null
  readonly wait_h: number | null
  readonly alarm: boolean
}

/**
 * Reads the signals of a definite "no". Call it for declined outcomes only: a result the route calls approved stays
 * approved whatever code comes with it. Class `unknown` means that the outcome is none: treat the attempt as unknown.
 */
export function classifyDecline(
  signals: DeclineSignals,
  card: DeclinedCard,
  overrides: readonly DeclineOverride[] = [],
): Classification {
  const readings = readSignals(signals, card).map((reading) => overridden(reading, overrides))
  let strictest: Reading | null = null
  for (const reading of readings) {
    if (reading.class === null) continue
    if (strictest === null || isStricter(reading.class, strictest.class as DeclineClass)) strictest = reading
  }
  const decided: DeclineClass = strictest?.class ?? 'unmapped'
  const rule = classRules[decided]
  const waits = readings.filter((reading) => reading.class === 'wait').map((reading) => reading.wait_h ?? defaultWait_h)
  return {
    class: decided,
    signals: readings.map(({ kind, code, class: name }) => ({ kind, code, class: name })),
    wait_h: decided === 'wait' ? Math.max(...waits) : null,
    alarm: readings.some((reading) => reading.alarm),
    resolution: given(signals.resolution, 'ok') ?? rule.resolution,
    unified_code: given(signals.unified_code, 'S.0000') ?? rule.unified_code,
  }
}

/** For a class `wait` that an override gave without a time. */
const defaultWait_h = 72

/** What is true of an attempt that never reached its route. */
export function classifyNotSent(): Classification {
  const rule = classRules.unreachable
  return {
    class: 'unreachable',
    signals: [],
    wait_h: null,
    alarm: false,
    resolution: rule.resolution,
    unified_code: rule.unified_code,
  }
}

function given(text: string | null, approval: string): string | null {
  return text === null || text === '' || text === approval ? null : text
}

function readSignals(signals: DeclineSignals, card: DeclinedCard): Reading[] {
  const brand = card.brand?.toLowerCase() ?? null
  const readings: Reading[] = []
  const network_code = signals.network_code?.trim().toUpperCase() || null
  const advice_code = signals.advice_code?.trim() || null
  const pair = `${network_code}+${advice_code}`
  const together = isMastercard(brand) ? advicePairs.get(pair) : undefined
  if (together) {
    readings.push(adviceReading('pair', pair, together))
  } else {
    if (network_code) readings.push(networkReading(network_code, brand, card))
    if (advice_code) readings.push(adviceReading('advice_code', advice_code, adviceCodes.get(advice_code)))
  }
  if (signals.unified_code) {
    const entry = unifiedCodes.get(signals.unified_code)
    readings.push(reading('unified_code', signals.unified_code, entry?.class ?? null, entry?.alarm))
  }
  if (signals.resolution) {
    const entry = resolutionCodes.get(signals.resolution)
    readings.push(reading('resolution', signals.resolution, entry?.class ?? null, entry?.alarm))
  }
  if (signals.provider_code) readings.push(reading('provider_code', signals.provider_code, null))
  return readings
}

function reading(kind: SignalKind, code: string, name: DeclineClass | null, alarm = false): Reading {
  return { kind, code, class: name, wait_h: null, alarm }
}

function adviceReading(kind: 'pair' | 'advice_code', code: string, entry: AdviceReading | undefined): Reading {
  return { kind, code, class: entry?.class ?? null, wait_h: entry?.wait_h ?? null, alarm: entry?.alarm ?? false }
}

function networkReading(code: string, brand: string | null, card: DeclinedCard): Reading {
  const entry = networkCodes.get(code)
  if (brand === 'visa') return reading('network_code', code, entry?.visa ?? 'unmapped', entry?.alarm)
  if (code === '65' && brand === 'mastercard' && card.three_ds_used !== true && wantsAuthentication(card)) {
    return reading('network_code', code, 'authentication_required')
  }
  return reading('network_code', code, entry?.other ?? null, entry?.alarm)
}

function isMastercard(brand: string | null): boolean {
  return brand === 'mastercard' || brand === 'maestro'
}

function wantsAuthentication(card: DeclinedCard): boolean {
  return authenticationCountries.has(card.issuer_country?.toUpperCase() ?? '')
}

/** The reading after the overrides for its code; where several speak, the strictest that is allowed counts. */
function overridden(before: Reading, overrides: readonly DeclineOverride[]): Reading {
  let wanted: DeclineClass | null = null
  for (const rule of overrides) {
    if (!speaksOf(rule, before) || !isAllowed(before, rule.class)) continue
    if (wanted === null || isStricter(rule.class, wanted)) wanted = rule.class
  }
  return wanted === null ? before : { ...before, class: wanted }
}

function speaksOf(rule: DeclineOverride, signal: Reading): boolean {
  if (signal.kind !== 'pair') return rule.kind === signal.kind && sameCode(rule.code, signal.code)
  const [network_code, advice_code] = signal.code.split('+') as [string, string]
  if (rule.kind === 'network_code') return sameCode(rule.code, network_code)
  return rule.kind === 'advice_code' && sameCode(rule.code, advice_code)
}

function sameCode(a: string, b: string): boolean {
  return a.toUpperCase() === b.toUpperCase()
}

function isAllowed(before: Reading, wanted: DeclineClass): boolean {
  if (before.class === null || isStricter(wanted, before.class)) return true
  return before.kind !== 'pair' && mayBeMilder.has(before.class)
}
