/**
 * A gateway: one configured account at a provider. It is also the route of the routing rules; its public name is the
 * integer `gateway_id`. What the connector can do and what the operator allows are already narrowed into one.
 */
import type { ChargeOperation } from '@cascad/connector'
import type { BreakerSettings } from './rules/breaker.ts'
import type { Tariff } from './rules/strategies/cost.ts'

export type GatewayStatus = 'active' | 'draining' | 'off' | 'archived' | 'misconfigured'

export type Gateway = {
  readonly gateway_id: number
  readonly name: string
  /** Id of the connector; also the provider code shown to merchants. */
  readonly connector: string
  readonly test_mode: boolean
  readonly status: GatewayStatus
  /** As the connector's schema wants them; `null` when the gateway is unusable. Never logged. */
  readonly credentials: unknown
  readonly merchant_code: string | null
  readonly merchant_account_id: string
  readonly methods: ReadonlySet<string>
  /** `null` = every currency. */
  readonly currencies: ReadonlySet<string> | null
  /** Lower case; `null` = every brand. */
  readonly brands: ReadonlySet<string> | null
  /** Upper case; `null` = every country. */
  readonly issuer_countries: ReadonlySet<string> | null
  readonly operations: ReadonlySet<ConnectorOperation>
  /** Limits of one payment in minor units of the currency the payer pays in, both included. */
  readonly amount_min_minor: bigint | null
  readonly amount_max_minor: bigint | null
  /** Higher first where a strategy leaves a tie. */
  readonly priority: number
  /** Gateways of one domain fail together: one host, one acquirer. */
  readonly failure_domain: string | null
  readonly accept_late_success: boolean
  readonly breaker: BreakerSettings
  /** What the provider asks for a payment; `null` = not known. */
  readonly tariff: Tariff | null
  /** The connector is there; without it nothing is known of what the gateway can do. */
  readonly installed: boolean
  /** Why it cannot be called although it is active: credentials unreadable or not as the connector wants them. */
  readonly misconfigured: string | null
}

/** What a connector is asked to do with a payment. */
export type ConnectorOperation = ChargeOperation
