/** Documents of connections and of the test console. */
import Type, { type Static } from 'typebox'
import { amountText, methodWord, oneOf, orNull, timeText } from './document-parts.ts'

export const methodLimits = Type.Object(
  {
    min: Type.Optional(amountText),
    max: Type.Optional(amountText),
    daily_amount: Type.Optional(amountText),
    daily_count: Type.Optional(Type.Integer()),
  },
  { additionalProperties: false },
)
const eventForm = oneOf('prefixed', 'bare')

/** Secrets are never in a document: of a key only its mask. */
const endpoint = Type.Object({
  endpoint_url: orNull(Type.String()),
  api_key_mask: orNull(Type.String()),
  event_form: eventForm,
  changed_at: orNull(timeText),
  /** E-mail; `null` = the operator, or nobody knows. */
  changed_by: orNull(Type.String()),
})

export const connection = Type.Object({
  gateway_id: Type.Integer(),
  name: Type.String(),
  mode: oneOf('live', 'test'),
  status: oneOf('active', 'draining', 'off', 'archived', 'misconfigured'),
  endpoint,
  /** Waits for a passed test; used only then. */
  pending: orNull(endpoint),
  event_form: eventForm,
  window_minutes: Type.Integer(),
  create_timeout_s: Type.Integer(),
  require_luhn: Type.Boolean(),
  /** How long after the payer's deadline the last question is asked, 0–110. */
  finalise_grace_s: Type.Integer(),
  /** Least time between two requests for requisites. */
  request_gap_ms: Type.Integer(),
  supports_idempotency_key: Type.Boolean(),
  /** Enabled ones; limits in major units of the payment currency. */
  methods: Type.Array(Type.Object({ method: methodWord, limits: methodLimits })),
  /** All that could be enabled. */
  possible_methods: Type.Array(methodWord),
  /** `null` = every currency. */
  currencies: orNull(Type.Array(Type.String())),
  /** Whose reference rate is sent on, and the provider's reward on it in percent; the operator's business. */
  rate_source: orNull(Type.String()),
  rate_margin_percent: amountText,
  misconfigured_at: orNull(timeText),
  misconfigured_reason: orNull(Type.String()),
  /** When a test of the endpoint in use last passed. */
  tested_at: orNull(timeText),
})
export type Connection = Static<typeof connection>
/** GET connections */
export const connectionsBody = Type.Object({ connections: Type.Array(connection) })
export type Connections = Static<typeof connectionsBody>

/** PUT connections/:gateway_id. Another `event_form` waits for a test, as an endpoint does. Left out = as before. */
export const connectionChange = Type.Object(
  {
    event_form: Type.Optional(eventForm),
    supports_idempotency_key: Type.Optional(Type.Boolean()),
    finalise_grace_s: Type.Optional(Type.Integer()),
    request_gap_ms: Type.Optional(Type.Integer()),
    methods: Type.Optional(
      Type.Array(Type.Object({ method: methodWord, limits: methodLimits }, { additionalProperties: false }), {
        maxItems: 10,
      }),
    ),
  },
  { additionalProperties: false },
)
export type ConnectionChange = Static<typeof connectionChange>

/** POST connections/:gateway_id/credentials: kept aside until a test passes */
export const credentialsChange = Type.Object(
  {
    endpoint_url: Type.Optional(Type.String({ maxLength: 2048 })),
    api_key: Type.Optional(Type.String({ minLength: 16, maxLength: 256 })),
    /** A key is made here instead and shown once. */
    generate_key: Type.Optional(Type.Boolean()),
    /** Forgets what waits; nothing else may be given. */
    drop: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)
export type CredentialsChange = Static<typeof credentialsChange>
export const credentialsBody = Type.Object({
  connection,
  /** The key that was made, this once; `null` = none was. */
  api_key: orNull(Type.String()),
})
export type CredentialsResult = Static<typeof credentialsBody>

/** PUT alerts: below what balance to tell; settlement currency, major units */
export const alertChange = Type.Object({ low_balance_alert: amountText }, { additionalProperties: false })
export type AlertChange = Static<typeof alertChange>

/** One call as the console shows it: no key, no number or owner in full. */
export const consoleCall = Type.Object({
  event: Type.String(),
  at: timeText,
  ms: Type.Integer(),
  /** `null` = no answer. */
  http_status: orNull(Type.Integer()),
  request: Type.Object({
    url: Type.String(),
    headers: Type.Record(Type.String(), Type.String()),
    body: Type.String(),
  }),
  answer_headers: Type.Record(Type.String(), Type.String()),
  answer: orNull(Type.String()),
  /** What we would make of it, in one line. */
  reading: Type.String(),
  /** `issued`, `refused`, `poll_error`, `delivered`, … */
  result: Type.String(),
  /** The endpoint did what was asked. */
  done: Type.Boolean(),
  /** Keeps payments away until a test passes, if it were no test. */
  misconfigured: Type.Boolean(),
  /** The state that a payment, or its appeal, would be in after it; `null` = as before. */
  state: orNull(Type.String()),
  /** The id of payment or appeal to go on with. */
  reference: orNull(Type.String()),
})
export type ConsoleCall = Static<typeof consoleCall>

const which = oneOf('current', 'pending')
/** Major units; left out = something the connection is likely to take. */
const trial = {
  method: Type.Optional(methodWord),
  amount: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}([.][0-9]{1,8})?$' })),
  currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$' })),
  currency_rate: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}([.][0-9]{1,8})?$' })),
}

/** POST connections/:gateway_id/test. Left out, `endpoint` is what waits, else what is in use. */
export const testRequest = Type.Object({ endpoint: Type.Optional(which), ...trial }, { additionalProperties: false })
export type TestRequest = Static<typeof testRequest>
export const testBody = Type.Object({
  passed: Type.Boolean(),
  /** What waited is in use from now on. */
  activated: Type.Boolean(),
  endpoint: which,
  text: Type.String(),
  calls: Type.Array(consoleCall),
})
export type TestResult = Static<typeof testBody>

/** POST connections/:gateway_id/console */
export const consoleRequest = Type.Object({
  event: Type.String(),
  data: Type.Record(Type.String(), Type.Unknown()),
  /** The endpoint in use, or the one that waits for its test. Left out = in use. */
  endpoint: Type.Optional(which),
})
export type ConsoleRequest = Static<typeof consoleRequest>
export const consoleBody = Type.Object({ calls: Type.Array(consoleCall) })
export type ConsoleResult = Static<typeof consoleBody>

/** POST connections/:gateway_id/conformance */
export const conformanceRequest = Type.Object(
  {
    endpoint: Type.Optional(which),
    amount: trial.amount,
    currency: trial.currency,
    currency_rate: trial.currency_rate,
    amount_above_max: trial.amount,
  },
  { additionalProperties: false },
)
export type ConformanceRequest = Static<typeof conformanceRequest>
export const conformanceBody = Type.Object({
  passed: Type.Boolean(),
  checks: Type.Array(
    Type.Object({
      id: Type.String(),
      title: Type.String(),
      /** `null` = could not be tried. */
      passed: orNull(Type.Boolean()),
      /** Only tells what the endpoint can. */
      optional: Type.Boolean(),
      /** What was found; empty = nothing to tell. */
      text: Type.String(),
      /** What to do about it; empty = nothing. */
      remedy: Type.String(),
    }),
  ),
  /** The one spelling the endpoint knows; `null` = no difference was found. */
  event_form: orNull(Type.String()),
  /** `null` = could not be tried. */
  supports_idempotency_key: orNull(Type.Boolean()),
  /** Settings that were changed for it: only when an owner runs it. */
  applied: Type.Array(Type.String()),
})
export type Conformance = Static<typeof conformanceBody>
