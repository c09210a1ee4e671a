/** A row of gateways as the engine uses it: what the connector can and what the operator allows, narrowed into one. */
import type { Connector } from '@cascad/connector'
import { Check } from 'typebox/value'
import type { Context } from '../context.ts'
import type { ConnectorOperation, Gateway } from './gateway.ts'
import { usualBreaker } from './rules/breaker.ts'
import type { Tariff } from './rules/strategies/cost.ts'
import type { GatewayRow } from './table.ts'

/** Never throws: a gateway that cannot be called says why in `misconfigured` and is passed over. */
export function readGateway(ctx: Pick<Context, 'connectors' | 'secrets'>, row: GatewayRow): Gateway {
  const connector = ctx.connectors.get(row.connector)
  const can = connector?.can
  const { credentials, wrong } = readCredentials(ctx, row, connector)
  return {
    gateway_id: row.gateway_id,
    name: row.name,
    connector: row.connector,
    installed: connector !== undefined,
    test_mode: row.test_mode,
    status: row.status,
    credentials,
    merchant_code: row.merchant_code,
    merchant_account_id: row.merchant_account_id,
    methods: narrowed(can?.methods ?? [], row.methods),
    currencies: narrowedCurrencies(can?.currencies ?? 'all', row.currencies),
    brands: row.brands && new Set(row.brands.map((brand) => brand.toLowerCase())),
    issuer_countries: row.issuer_countries && new Set(row.issuer_countries.map((country) => country.toUpperCase())),
    operations: narrowed<ConnectorOperation>(can?.operations ?? [], row.operations),
    amount_min_minor: row.amount_min_minor,
    amount_max_minor: row.amount_max_minor,
    priority: row.priority,
    failure_domain: row.failure_domain,
    accept_late_success: row.accept_late_success,
    breaker: { ...usualBreaker, ...row.breaker },
    tariff: tariffOf(row),
    misconfigured: row.status === 'misconfigured' ? 'set aside after an error of its credentials' : wrong,
  }
}

function tariffOf(row: GatewayRow): Tariff | null {
  const { tariff_currency, rate_percent, fix_minor, min_minor, max_minor } = row
  if (tariff_currency === null || rate_percent === null || fix_minor === null) return null
  return { currency: tariff_currency, rate_percent, fix_minor, min_minor, max_minor }
}

function narrowed<T extends string>(all: readonly T[], chosen: readonly string[] | null): ReadonlySet<T> {
  return new Set(chosen === null ? all : all.filter((one) => chosen.includes(one)))
}

function narrowedCurrencies(all: readonly string[] | 'all', chosen: readonly string[] | null) {
  return all === 'all' ? chosen && new Set(chosen) : narrowed(all, chosen)
}

type Read = { readonly credentials: unknown; readonly wrong: string | null }

function readCredentials(ctx: Pick<Context, 'secrets'>, row: GatewayRow, connector: Connector | undefined): Read {
  if (!connector) return { credentials: null, wrong: `there is no connector ${row.connector}` }
  try {
    const credentials: unknown = JSON.parse(ctx.secrets.decrypt(row.credentials_encrypted, `gateway:${row.gateway_id}`))
    if (Check(connector.credentials, credentials)) return { credentials, wrong: null }
    return { credentials: null, wrong: 'the credentials are not as the connector wants them' }
  } catch {
    return { credentials: null, wrong: 'the credentials cannot be decrypted with this secret key' }
  }
}
