/** How a terminal behaves: set on the control page, by the control API, or by a test in the same process. */
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'

/**
 * What happens to a charge. `before` = nothing was charged, `after` = the result stands and only the answer is lost.
 * `ordinary` follows the card, the amount and the payer.
 */
export const answers = [
  'ordinary',
  'approve',
  'decline',
  'three_ds',
  'pending',
  'wrong_amount',
  'wrong_reference',
  'timeout_before',
  'timeout_after',
  'error_before',
  'error_after',
  'reset_before',
  'reset_after',
  'broken_json',
  'unauthorized',
  'throttled',
  'down',
] as const

/** `normal` tells what the answer could not; the others also repeat what the answer said. */
export const notificationKinds = ['normal', 'none', 'late', 'twice', 'out_of_order', 'mixed'] as const

export const lookupKinds = ['normal', 'not_found', 'timeout', 'error'] as const

export const followUps = [
  'approve',
  'decline',
  'pending',
  'timeout_before',
  'timeout_after',
  'error_before',
  'error_after',
] as const

const oneOf = <T extends string>(words: readonly T[]) => Type.Unsafe<T>(Type.Enum([...words]))
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()])
const milliseconds = Type.Integer({ minimum: 0, maximum: 600_000 })

export const scriptSchema = Type.Object(
  {
    answer: oneOf(answers),
    /** Weights of answers; each charge draws one. `null` = always `answer`. */
    mix: orNull(
      Type.Record(Type.String(), Type.Integer({ minimum: 0, maximum: 10_000 }), { maxProperties: answers.length }),
    ),
    /** Network code of scripted declines. */
    code: orNull(Type.String({ pattern: '^[0-9A-Z]{2}$' })),
    advice_code: orNull(Type.String({ pattern: '^[0-9A-Z]{2}$' })),
    /** The provider's own reason; `null` = the one that goes with `code`. */
    reason: orNull(Type.String({ pattern: '^[A-Za-z0-9_]{1,40}$' })),
    /** Share of otherwise approved charges that are declined with `code`. */
    decline_percent: Type.Integer({ minimum: 0, maximum: 100 }),
    /** Otherwise approved amounts whose last two digits are a listed network code are declined with it. */
    decline_by_amount: Type.Boolean(),
    /** Minor units added by `wrong_amount`. */
    amount_delta: Type.Integer({ minimum: -1_000_000_000, maximum: 1_000_000_000 }),
    delay_ms: milliseconds,
    /** When a pending operation is approved by itself; `null` = never. */
    pending_ms: orNull(milliseconds),
    notifications: oneOf(notificationKinds),
    notification_delay_ms: milliseconds,
    lookups: oneOf(lookupKinds),
    /** Look-ups answer 'not found' until the charge is this old. */
    lookup_delay_ms: milliseconds,
    refunds: oneOf(followUps),
    captures: oneOf(followUps),
    cancels: oneOf(followUps),
    voids: oneOf(followUps),
    /** Charges of this age can no longer be cancelled, only refunded; `null` = they always can. */
    settled_after_ms: orNull(milliseconds),
    /** Setting it starts the terminal's random numbers anew. */
    seed: Type.Integer({ minimum: 0, maximum: 0xffffffff }),
  },
  { additionalProperties: false },
)

export type Script = Static<typeof scriptSchema>
export type Answer = (typeof answers)[number]
export type NotificationKind = (typeof notificationKinds)[number]
export type LookupKind = (typeof lookupKinds)[number]
export type FollowUp = (typeof followUps)[number]

export const ordinaryScript: Script = {
  answer: 'ordinary',
  mix: null,
  code: '05',
  advice_code: null,
  reason: null,
  decline_percent: 0,
  decline_by_amount: false,
  amount_delta: -1,
  delay_ms: 0,
  pending_ms: null,
  notifications: 'normal',
  notification_delay_ms: 0,
  lookups: 'normal',
  lookup_delay_ms: 0,
  refunds: 'approve',
  captures: 'approve',
  cancels: 'approve',
  voids: 'approve',
  settled_after_ms: null,
  seed: 1,
}

/** The script with the given members replaced, or one sentence per mistake. */
export function patchScript(script: Script, patch: unknown): Script | { readonly mistakes: readonly string[] } {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch))
    return { mistakes: ['The script must be a JSON object.'] }
  const patched = { ...script, ...patch }
  const mistakes = [...Value.Errors(scriptSchema, patched)].map(
    (e) => `${e.instancePath.slice(1) || 'script'}: ${e.message}`,
  )
  if (mistakes.length > 0) return { mistakes: [...new Set(mistakes)] }
  const unknown = Object.keys(patched.mix ?? {}).filter((word) => !(answers as readonly string[]).includes(word))
  if (unknown.length > 0) return { mistakes: unknown.map((word) => `mix.${word}: no such answer`) }
  return patched
}
