/** Documents of connections and of the test console. */
import Type, { type Static } from 'typebox'
import { amountText, methodWord, oneOf, orNull, timeText } from './document-parts.ts'

export const methodLimits = Type.Object({
  min: Type.Optional(amountText),
  max: Type.Optional(amountText),
  daily_amount: Type.Optional(amountText),
  daily_count: Type.Optional(Type.Integer()),
})

/** Secrets are never in a document: of a key only its mask. */
const endpoint = Type.Object({
  endpoint_url: orNull(Type.String()),
  api_key_mask: orNull(Type.String()),
  changed_at: orNull(timeText),
})

export const connection = Type.Object({
  gateway_id: Type.Integer(),
  name: Type.String(),
  mode: oneOf('live', 'test'),
  status: oneOf('active', 'draining', 'off', 'archived', 'misconfigured'),
  endpoint,
  /** Waits for a passed test; used only then. */
  pending: orNull(endpoint),
  event_form: oneOf('prefixed', 'bare'),
  window_minutes: Type.Integer(),
  supports_idempotency_key: Type.Boolean(),
  methods: Type.Array(Type.Object({ method: methodWord, limits: methodLimits })),
  misconfigured_at: orNull(timeText),
  misconfigured_reason: orNull(Type.String()),
})
export type Connection = Static<typeof connection>
/** GET connections */
export const connectionsBody = Type.Object({ connections: Type.Array(connection) })
export type Connections = Static<typeof connectionsBody>

/** PUT connections/:gateway_id */
export const connectionChange = Type.Object({
  event_form: Type.Optional(oneOf('prefixed', 'bare')),
  supports_idempotency_key: Type.Optional(Type.Boolean()),
  methods: Type.Optional(Type.Array(Type.Object({ method: methodWord, limits: methodLimits }))),
})
export type ConnectionChange = Static<typeof connectionChange>

/** POST connections/:gateway_id/credentials: kept aside until a test passes */
export const credentialsChange = Type.Object({
  endpoint_url: Type.Optional(Type.String()),
  api_key: Type.Optional(Type.String({ minLength: 16, maxLength: 256 })),
})
export type CredentialsChange = Static<typeof credentialsChange>

/** One call as the console shows it, key masked. */
export const consoleCall = Type.Object({
  event: Type.String(),
  at: timeText,
  ms: Type.Integer(),
  http_status: orNull(Type.Integer()),
  request: Type.Unknown(),
  answer: orNull(Type.String()),
  reading: Type.String(),
  /** The state that a payment would be in after it. */
  state: orNull(Type.String()),
})
export type ConsoleCall = Static<typeof consoleCall>

/** POST connections/:gateway_id/test */
export const testBody = Type.Object({ passed: Type.Boolean(), text: Type.String(), calls: Type.Array(consoleCall) })
export type TestResult = Static<typeof testBody>

/** POST connections/:gateway_id/console */
export const consoleRequest = Type.Object({
  event: Type.String(),
  data: Type.Record(Type.String(), Type.Unknown()),
  /** The endpoint in use, or the one that waits for its test. */
  endpoint: Type.Optional(oneOf('current', 'pending')),
})
export type ConsoleRequest = Static<typeof consoleRequest>
export const consoleBody = Type.Object({ calls: Type.Array(consoleCall) })
export type ConsoleResult = Static<typeof consoleBody>

/** POST connections/:gateway_id/conformance */
export const conformanceBody = Type.Object({
  passed: Type.Boolean(),
  checks: Type.Array(
    Type.Object({ id: Type.String(), title: Type.String(), passed: orNull(Type.Boolean()), text: Type.String() }),
  ),
})
export type Conformance = Static<typeof conformanceBody>
