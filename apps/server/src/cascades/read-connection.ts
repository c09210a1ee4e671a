/** A connection as its provider and the operator see it: everything that is agreed, and of a key only its last four characters. */
import type { Connector } from '@cascad/connector'
import type { RequisiteMethod, RequisitesOperations } from '@cascad/connector/requisites'
import type { Context } from '../context.ts'
import type { Gateway, GatewayStatus } from '../routing/gateway.ts'
import { readGateways } from '../routing/load-routing.ts'
import type { MethodLimits } from './connection.ts'
import { type SettingsRow, selectSettingsOf } from './connection-settings-table.ts'
import { type Endpoint, endpointOf, keyMask, readPending } from './endpoint.ts'

/** With everything secret in it: never a document. */
export type OwnConnection = {
  readonly row: SettingsRow
  readonly gateway: Gateway
  readonly connector: Connector
  readonly requisites: RequisitesOperations
}

export type EndpointView = {
  readonly endpoint_url: string | null
  readonly api_key_mask: string | null
  readonly event_form: Endpoint['event_form']
  readonly changed_at: Date | null
  readonly changed_by: string | null
}

export type ConnectionView = {
  readonly gateway_id: number
  readonly name: string
  readonly test_mode: boolean
  readonly status: GatewayStatus
  readonly endpoint: EndpointView
  /** Waits for a passed test; used only then. */
  readonly pending: EndpointView | null
  readonly window_minutes: number
  readonly create_timeout_s: number
  readonly require_luhn: boolean
  readonly finalise_grace_s: number
  readonly request_gap_ms: number
  readonly supports_idempotency_key: boolean
  readonly rate_source: string | null
  readonly rate_margin_percent: string
  readonly methods: readonly { readonly method: RequisiteMethod; readonly limits: MethodLimits }[]
  /** Methods the endpoint could be asked for. */
  readonly possible_methods: readonly RequisiteMethod[]
  /** `null` = every currency. */
  readonly currencies: readonly string[] | null
  readonly misconfigured_at: Date | null
  readonly misconfigured_reason: string | null
  readonly tested_at: Date | null
}

/** `null` = there is no such connection, or it is another provider's. `provider_id` null = the operator asks. */
export async function findConnection(
  ctx: Context,
  provider_id: string | null,
  gateway_id: number,
): Promise<OwnConnection | null> {
  const row = await selectSettingsOf(ctx.sql, gateway_id)
  if (!row || (provider_id !== null && row.provider_id !== provider_id)) return null
  return ownConnection(ctx, row, await readGateways(ctx))
}

/** `null` = its gateway cannot be asked for requisites: another connector, or none. */
export function ownConnection(
  ctx: Pick<Context, 'connectors'>,
  row: SettingsRow,
  gateways: ReadonlyMap<number, Gateway>,
): OwnConnection | null {
  const gateway = gateways.get(row.gateway_id)
  const connector = gateway && ctx.connectors.get(gateway.connector)
  return gateway && connector?.requisites ? { row, gateway, connector, requisites: connector.requisites } : null
}

/** What the endpoint may be asked for, once each. */
export function methodsOf({ requisites, gateway }: OwnConnection): readonly RequisiteMethod[] {
  const chosen = [...gateway.methods].flatMap((method) => requisites.methods[method] ?? [])
  return [...new Set(chosen)]
}

export async function readConnection(
  ctx: Context,
  provider_id: string | null,
  gateway_id: number,
): Promise<ConnectionView | null> {
  const own = await findConnection(ctx, provider_id, gateway_id)
  return own && viewOf(ctx, own)
}

export function viewOf(ctx: Pick<Context, 'secrets'>, own: OwnConnection): ConnectionView {
  const { row, gateway, requisites } = own
  const pending = readPending(ctx, row)
  return {
    gateway_id: row.gateway_id,
    name: gateway.name,
    test_mode: gateway.test_mode,
    status: gateway.status,
    endpoint: endpointView(endpointOf(gateway.credentials), row.credentials_at, row.credentials_by),
    pending: pending && endpointView(pending, row.pending_at, row.pending_by),
    ...agreedIn(gateway.credentials),
    finalise_grace_s: row.finalise_grace_s,
    request_gap_ms: row.request_gap_ms,
    supports_idempotency_key: row.supports_idempotency_key,
    rate_source: row.rate_source,
    rate_margin_percent: row.rate_margin_percent,
    methods: methodsOf(own).map((method) => ({ method, limits: row.limits[method] ?? {} })),
    possible_methods: [...new Set(Object.values(requisites.methods))],
    currencies: gateway.currencies && [...gateway.currencies],
    misconfigured_at: row.misconfigured_at,
    misconfigured_reason: row.misconfigured_reason ?? gateway.misconfigured,
    tested_at: row.tested_at,
  }
}

function endpointView(endpoint: Endpoint, changed_at: Date | null, changed_by: string | null): EndpointView {
  const { endpoint_url, api_key, event_form } = endpoint
  return { endpoint_url, api_key_mask: keyMask(api_key), event_form, changed_at, changed_by }
}

/** What is agreed with the operator and stands among the credentials; the usual where nothing is. Cascade API, section 1.1. */
function agreedIn(credentials: unknown): Pick<ConnectionView, 'window_minutes' | 'create_timeout_s' | 'require_luhn'> {
  const given = (credentials ?? {}) as Readonly<Record<string, unknown>>
  const whole = (value: unknown, usual: number): number => (typeof value === 'number' ? value : usual)
  return {
    window_minutes: whole(given.window_minutes, 30),
    create_timeout_s: whole(given.create_timeout_s, 10),
    require_luhn: given.require_luhn === true,
  }
}
