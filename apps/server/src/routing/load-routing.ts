/** The routing of an account as the engine uses it: its published scheme and the gateways, at most one second old. */
import type { Context } from '../context.ts'
import { settingsMemory } from '../database/settings-memory.ts'
import type { Gateway } from './gateway.ts'
import { readGateway } from './read-gateway.ts'
import { readScheme } from './rules/read-scheme.ts'
import { noSchemeId, parseVersionId, type Scheme, versionId } from './scheme.ts'
import { selectGateways, selectPublished, selectVersion, type VersionKey } from './table.ts'

export type Routing = {
  /** `{scheme}.v{n}`; an account without a published scheme has the empty one, by which no rule wins. */
  readonly version_id: string
  readonly scheme: Scheme
  readonly gateways: ReadonlyMap<number, Gateway>
}

const versions_max = 10_000
const inForce = settingsMemory<VersionKey | null>({ entries_max: versions_max, tables: ['routing_versions'] })
// Read every second all the same: a tariff begins to hold without anybody changing anything.
const gatewayMaps = settingsMemory<ReadonlyMap<number, Gateway>>({
  entries_max: 1,
  tables: ['gateways', 'gateway_tariffs'],
  age_max_ms: 1000,
})

// Published versions never change, so what was read and compiled of them stays.
const schemes = new WeakMap<object, Map<string, Scheme>>()

const noScheme: Scheme = {
  id: noSchemeId,
  name: 'No scheme',
  kind: 'payment',
  time_zone: 'UTC',
  rules: [],
  on_no_rule: 'fail',
}
const noVersion = versionId(noSchemeId, 1)

/** The scheme in force for payments of the account, with all gateways. */
export async function loadRouting(ctx: Context, account_id: string): Promise<Routing> {
  const [gateways, key] = await Promise.all([
    recentGateways(ctx),
    inForce(ctx).get(account_id, () => selectPublished(ctx.sql, account_id, 'payment')),
  ])
  const scheme = key && (await loadScheme(ctx, account_id, key))
  if (!key || !scheme) return { version_id: noVersion, scheme: noScheme, gateways }
  return { version_id: versionId(key.scheme_id, key.number), scheme, gateways }
}

/** The version a payment was routed with before, also when it is archived now; the one in force when it had none. */
export async function loadRoutingVersion(ctx: Context, account_id: string, version_id: string): Promise<Routing> {
  const key = version_id === noVersion ? null : parseVersionId(version_id)
  const scheme = key && (await loadScheme(ctx, account_id, key))
  return scheme ? { version_id, scheme, gateways: await recentGateways(ctx) } : loadRouting(ctx, account_id)
}

/** One gateway, or `null`. */
export async function getGateway(ctx: Context, gateway_id: number): Promise<Gateway | null> {
  return (await recentGateways(ctx)).get(gateway_id) ?? null
}

/** All gateways by id, whatever their status, as they are now. */
export async function readGateways(ctx: Context): Promise<ReadonlyMap<number, Gateway>> {
  const rows = await selectGateways(ctx.sql, ctx.now())
  return new Map(rows.map((row) => [row.gateway_id, readGateway(ctx, row)]))
}

/** All gateways by id, whatever their status; at most one second old. */
export function recentGateways(ctx: Context): Promise<ReadonlyMap<number, Gateway>> {
  return gatewayMaps(ctx).get('all', () => readGateways(ctx))
}

/** What this process remembers is read again. */
export function forgetRouting(ctx: Context): void {
  inForce(ctx).forgetAll()
  gatewayMaps(ctx).forgetAll()
}

/** A published or archived version; `null` when there is none. One that cannot be read routes nothing, and raises an alarm. */
async function loadScheme(ctx: Context, account_id: string, key: VersionKey): Promise<Scheme | null> {
  const memory = schemes.get(ctx) ?? new Map<string, Scheme>()
  schemes.set(ctx, memory)
  const name = `${account_id}:${versionId(key.scheme_id, key.number)}`
  const known = memory.get(name)
  if (known) return known
  const row = await selectVersion(ctx.sql, account_id, key)
  if (!row || row.status === 'draft') return null
  const { scheme, findings } = readScheme(row.scheme)
  if (!scheme) ctx.events.alarm('a published routing version cannot be read', { account_id, ...key, findings })
  const kept = memory.get(name) ?? scheme ?? noScheme
  memory.set(name, kept)
  if (memory.size > versions_max) memory.delete(memory.keys().next().value as string)
  return kept
}
