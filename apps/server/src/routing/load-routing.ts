/** The routing of an account as the engine uses it: its published scheme and the gateways, at most one second old. */

import { Check } from 'typebox/value'
import type { Context } from '../context.ts'
import type { Sql } from '../database/connect.ts'
import { recent } from '../database/recent.ts'
import type { ConnectorOperation, Gateway, GatewayStatus } from './gateway.ts'
import { parseVersionId, type Scheme, versionId } from './scheme.ts'

export type Routing = {
  /** `{scheme}.v{n}`; an account without a published scheme has the empty one, by which no rule wins. */
  readonly version_id: string
  readonly scheme: Scheme
  readonly gateways: ReadonlyMap<number, Gateway>
}

const versions = recent<{ version_id: string; scheme: Scheme } | null>({ entries_max: 10_000 })
const gatewayMaps = recent<ReadonlyMap<number, Gateway>>({ entries_max: 1 })

const noScheme: Scheme = {
  id: 'none',
  name: 'No scheme',
  kind: 'payment',
  time_zone: 'UTC',
  rules: [],
  on_no_rule: 'fail',
}

/** The scheme in force for payments of the account, with all gateways. */
export async function loadRouting(ctx: Context, account_id: string): Promise<Routing> {
  const gateways = await allGateways(ctx)
  const found = await versions(ctx).get(`published:${account_id}`, () => selectPublished(ctx.sql, account_id))
  return { ...(found ?? { version_id: versionId('none', 1), scheme: noScheme }), gateways }
}

/** The version a payment was routed with before; the one in force when that is gone. */
export async function loadRoutingVersion(ctx: Context, account_id: string, version_id: string): Promise<Routing> {
  const found = await versions(ctx).get(`${account_id}:${version_id}`, () =>
    selectVersion(ctx.sql, account_id, version_id),
  )
  return found ? { ...found, gateways: await allGateways(ctx) } : loadRouting(ctx, account_id)
}

/** One gateway, or `null`. */
export async function getGateway(ctx: Context, gateway_id: number): Promise<Gateway | null> {
  return (await allGateways(ctx)).get(gateway_id) ?? null
}

/** What this process remembers is read again. */
export function forgetRouting(ctx: Context): void {
  versions(ctx).forgetAll()
  gatewayMaps(ctx).forgetAll()
}

type VersionRow = { readonly scheme_id: string; readonly number: number; readonly scheme: Scheme }

function versionOf(row: VersionRow | undefined): { version_id: string; scheme: Scheme } | null {
  return row ? { version_id: versionId(row.scheme_id, row.number), scheme: row.scheme } : null
}

async function selectPublished(sql: Sql, account_id: string) {
  const [row] = await sql<VersionRow[]>`
    select scheme_id, number, scheme from routing_versions
    where account_id = ${account_id} and kind = 'payment' and status = 'published'`
  return versionOf(row)
}

async function selectVersion(sql: Sql, account_id: string, version_id: string) {
  const parts = parseVersionId(version_id)
  if (!parts) return null
  const [row] = await sql<VersionRow[]>`
    select scheme_id, number, scheme from routing_versions
    where account_id = ${account_id} and scheme_id = ${parts.scheme_id} and number = ${parts.number}`
  return versionOf(row)
}

type GatewayRow = {
  readonly gateway_id: number
  readonly name: string
  readonly connector: string
  readonly test_mode: boolean
  readonly status: GatewayStatus
  readonly credentials_encrypted: Uint8Array
  readonly merchant_code: string | null
  readonly merchant_account_id: string
  readonly methods: string[] | null
  readonly currencies: string[] | null
  readonly brands: string[] | null
  readonly issuer_countries: string[] | null
  readonly operations: string[] | null
  readonly amount_min_minor: bigint | null
  readonly amount_max_minor: bigint | null
  readonly priority: number
  readonly failure_domain: string | null
  readonly accept_late_success: boolean
}

async function allGateways(ctx: Context): Promise<ReadonlyMap<number, Gateway>> {
  return gatewayMaps(ctx).get('all', async () => {
    const rows = await ctx.sql<GatewayRow[]>`select * from gateways where status <> 'archived'`
    return new Map(rows.map((row) => [row.gateway_id, toGateway(ctx, row)]))
  })
}

function toGateway(ctx: Context, row: GatewayRow): Gateway {
  const connector = ctx.connectors.get(row.connector)
  const can = connector?.can
  const read = readCredentials(ctx, row)
  const narrowed = <T extends string>(all: readonly T[], chosen: readonly string[] | null): ReadonlySet<T> =>
    new Set(chosen === null ? all : all.filter((one) => chosen.includes(one)))
  const canCurrencies = can === undefined || can.currencies === 'all' ? null : can.currencies
  return {
    gateway_id: row.gateway_id,
    name: row.name,
    connector: row.connector,
    installed: connector !== undefined,
    test_mode: row.test_mode,
    status: row.status,
    credentials: read.credentials,
    merchant_code: row.merchant_code,
    merchant_account_id: row.merchant_account_id,
    methods: narrowed(can?.methods ?? [], row.methods),
    currencies:
      canCurrencies === null ? row.currencies && new Set(row.currencies) : narrowed(canCurrencies, row.currencies),
    brands: row.brands && new Set(row.brands.map((brand) => brand.toLowerCase())),
    issuer_countries: row.issuer_countries && new Set(row.issuer_countries.map((country) => country.toUpperCase())),
    operations: narrowed<ConnectorOperation>(can?.operations ?? [], row.operations),
    amount_min_minor: row.amount_min_minor,
    amount_max_minor: row.amount_max_minor,
    priority: row.priority,
    failure_domain: row.failure_domain,
    accept_late_success: row.accept_late_success,
    misconfigured: row.status === 'misconfigured' ? 'set aside after an error of its credentials' : read.wrong,
  }
}

function readCredentials(ctx: Context, row: GatewayRow): { credentials: unknown; wrong: string | null } {
  const connector = ctx.connectors.get(row.connector)
  if (!connector) return { credentials: null, wrong: `there is no connector ${row.connector}` }
  try {
    const credentials: unknown = JSON.parse(ctx.secrets.decrypt(row.credentials_encrypted, `gateway:${row.gateway_id}`))
    if (Check(connector.credentials, credentials)) return { credentials, wrong: null }
    return { credentials: null, wrong: 'the credentials are not as the connector wants them' }
  } catch {
    return { credentials: null, wrong: 'the credentials cannot be decrypted with this secret key' }
  }
}
