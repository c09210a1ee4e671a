/** Our reading of a negative result, and what each reading allows. Cascading rules, sections 6.1, 6.2 and 6.5. */

/** From mild to strict: where several signals speak, the one furthest down wins. */
export const declineClasses = [
  'unreachable',
  'refusal',
  'gateway_rejected',
  'acquirer_technical',
  'issuer_technical',
  'soft_generic',
  'unmapped',
  'acquirer_risk',
  'authentication_required',
  'request_invalid',
  'limit',
  'insufficient_funds',
  'card_data',
  'three_ds_failed',
  'payer_action',
  'payer_window',
  'issuer_risk',
  'wait',
  'duplicate',
  'platform_risk',
  'never',
  'unknown',
] as const

export type DeclineClass = (typeof declineClasses)[number]

/** May a merchant repeat the payment himself? */
export type MerchantRepeat =
  | 'yes'
  | 'with_3ds'
  | 'useless'
  | 'not_before_time'
  | 'after_lookup'
  | 'decided_anew'
  | 'refused'
  | 'after_resolution'
  | 'not_applicable'

export type ClassRule = {
  /** Another route may be tried automatically. */
  readonly hop: boolean
  /** The setting that allows the hop where `hop` is false. */
  readonly hop_switch: 'cascade_on_acquirer_risk' | null
  /** The same route again with 3-D Secure is allowed. */
  readonly step_up: boolean
  /** How many hops (or step-ups) of one payment this class may cause; `null` = no limit of its own. */
  readonly quota: number | null
  readonly repeat: MerchantRepeat
  /** Resolution of the invoice when the provider gave none. */
  readonly resolution: string
  /** Code of the Card API when the provider gave none; `null` = connections only. Never read back as a signal. */
  readonly unified_code: string | null
}

const stop = { hop: false, hop_switch: null, step_up: false, quota: null, repeat: 'yes' } as const
const go = { ...stop, hop: true } as const

export const classRules: Readonly<Record<DeclineClass, ClassRule>> = {
  unreachable: { ...go, resolution: 'provider_error', unified_code: 'F.2006' },
  refusal: {
    ...go,
    repeat: 'not_applicable',
    resolution: 'strategy_configured_routes_were_filtered',
    unified_code: null,
  },
  gateway_rejected: { ...go, resolution: 'provider_fatal_error', unified_code: 'F.0118' },
  acquirer_technical: { ...go, resolution: 'provider_error', unified_code: 'F.0117' },
  issuer_technical: { ...go, quota: 1, resolution: 'fatal_issuer_unavailable', unified_code: 'F.0119' },
  soft_generic: { ...go, quota: 1, resolution: 'issuer_decline', unified_code: 'F.0105' },
  unmapped: { ...stop, resolution: 'general_decline', unified_code: 'F.0999' },
  acquirer_risk: {
    ...stop,
    hop_switch: 'cascade_on_acquirer_risk',
    quota: 1,
    resolution: 'antifraud_error',
    unified_code: 'F.0115',
  },
  authentication_required: {
    ...stop,
    step_up: true,
    quota: 1,
    repeat: 'with_3ds',
    resolution: 'auth_3ds_required',
    unified_code: 'F.0130',
  },
  request_invalid: { ...stop, repeat: 'useless', resolution: 'invalid_request', unified_code: 'F.0128' },
  limit: { ...stop, resolution: 'card_usage_issuer_limit_violation', unified_code: 'F.0124' },
  insufficient_funds: { ...stop, resolution: 'insufficient_funds', unified_code: 'F.0114' },
  card_data: { ...stop, resolution: 'invalid_details', unified_code: 'F.0127' },
  three_ds_failed: { ...stop, resolution: 'auth_fatal_error', unified_code: 'F.0130' },
  payer_action: { ...stop, resolution: 'client_auth_failed', unified_code: 'F.0132' },
  payer_window: { ...stop, repeat: 'not_applicable', resolution: 'expired', unified_code: null },
  issuer_risk: { ...stop, resolution: 'antifraud_error', unified_code: 'F.0116' },
  wait: { ...stop, repeat: 'not_before_time', resolution: 'general_decline', unified_code: 'F.0999' },
  duplicate: { ...stop, repeat: 'after_lookup', resolution: 'duplicated_transaction', unified_code: 'F.0108' },
  platform_risk: { ...stop, repeat: 'decided_anew', resolution: 'antifraud_error', unified_code: 'F.2008' },
  never: { ...stop, repeat: 'refused', resolution: 'fatal_invalid_card', unified_code: 'F.0116' },
  // An unknown outcome is no decline; the two values stand for as long as it is not resolved.
  unknown: { ...stop, repeat: 'after_resolution', resolution: 'unknown', unified_code: 'P.9999' },
}

const strictness: ReadonlyMap<DeclineClass, number> = new Map(declineClasses.map((name, index) => [name, index]))

/** Is class `a` stricter than class `b`? */
export function isStricter(a: DeclineClass, b: DeclineClass): boolean {
  return (strictness.get(a) as number) > (strictness.get(b) as number)
}

/** Is this text one of the classes? */
export function isDeclineClass(text: unknown): text is DeclineClass {
  return typeof text === 'string' && strictness.has(text as DeclineClass)
}
