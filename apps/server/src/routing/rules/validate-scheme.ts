/** May this scheme be published, and what should its author know before? Cascading rules, section 2.4. */
import type { Gateway } from '../gateway.ts'
import type { Conditions, Rule, Scheme, Strategy } from '../scheme.ts'
import type { Finding } from './finding.ts'
import { alwaysHold, possibleValues } from './possible-values.ts'
import { type ReadScheme, readScheme } from './read-scheme.ts'

export type SchemeWorld = {
  readonly gateways: ReadonlyMap<number, Gateway>
  /** What the account allows one payment, the first attempt included. */
  readonly max_attempts: number
}

type Note = (severity: Finding['severity'], path: string, message: string) => void

/** Errors and warnings, in the order of the text. `scheme` is the full form, or `null` when an error forbids publishing. */
export function validateScheme(written: unknown, world: SchemeWorld): ReadScheme {
  const { scheme, findings: errors } = readScheme(written)
  if (!scheme) return { scheme, findings: errors }
  const findings: Finding[] = []
  const note: Note = (severity, path, message) => findings.push({ severity, path, message })
  let covered: Rule | null = null
  scheme.rules.forEach((rule, index) => {
    const path = `rules[${index}]`
    if (!rule.active) return
    if (covered) note('warning', path, `unreachable: rule ${covered.id} always holds`)
    noteRoutes(scheme, rule.strategy, rule.conditions, `${path}.strategy`, world, note)
    noteAttempts(rule, path, world, note)
    if (alwaysHold(rule.conditions) && rule.on_empty === 'fail') covered ??= rule
  })
  if (scheme.on_no_rule !== 'fail') noteRoutes(scheme, scheme.on_no_rule, {}, 'on_no_rule', world, note)
  return { scheme: findings.some(({ severity }) => severity === 'error') ? null : scheme, findings }
}

function noteRoutes(
  scheme: Scheme,
  strategy: Strategy,
  conditions: Conditions,
  path: string,
  world: SchemeWorld,
  note: Note,
): void {
  for (const [index, { gateway_id }] of strategy.routes.entries()) {
    const at = `${path}.routes[${index}]`
    const gateway = world.gateways.get(gateway_id)
    if (!gateway) note('error', at, `there is no gateway ${gateway_id}`)
    // What gateways are asked to do today is all about money coming in.
    else if (scheme.kind === 'payout')
      note('error', at, `gateway ${gateway_id} is for payments, the scheme for payouts`)
    else {
      noteGateway(gateway, conditions, at, note)
      if (strategy.type === 'cost' && gateway.tariff === null)
        note('warning', at, `gateway ${gateway_id} has no tariff and comes last`)
    }
  }
}

function noteGateway(gateway: Gateway, conditions: Conditions, path: string, note: Note): void {
  const { gateway_id } = gateway
  const modes = possibleValues(conditions, 'test')
  const mode = gateway.test_mode ? 'test' : 'live'
  if (modes && !modes.has(String(gateway.test_mode).toUpperCase()))
    note('error', path, `gateway ${gateway_id} is for ${mode} payments, the conditions want the other mode`)
  if (!gateway.installed)
    note('warning', path, `gateway ${gateway_id}: connector ${gateway.connector} is not installed`)
  else if (gateway.status !== 'active') note('warning', path, `gateway ${gateway_id} is ${gateway.status}`)
  else if (gateway.misconfigured !== null) note('warning', path, `gateway ${gateway_id}: ${gateway.misconfigured}`)
  const { currencies, methods } = gateway
  const noCurrency = currencies && missing(possibleValues(conditions, 'currency'), currencies)
  if (noCurrency) note('warning', path, `gateway ${gateway_id} does not take ${noCurrency}`)
  const noMethod = gateway.installed ? missing(possibleValues(conditions, 'method'), methods) : null
  if (noMethod) note('warning', path, `gateway ${gateway_id} does not take the method ${noMethod}`)
}

/** The wanted values that the gateway lacks, in words; `null` = none. */
function missing(wanted: ReadonlySet<string> | null, has: ReadonlySet<string>): string | null {
  if (wanted === null) return null
  const upper = new Set([...has].map((one) => one.toUpperCase()))
  const lacking = [...wanted].filter((one) => !upper.has(one))
  return lacking.length === 0 ? null : lacking.slice(0, 20).join(', ')
}

function noteAttempts({ strategy, cascade }: Rule, path: string, world: SchemeWorld, note: Note): void {
  const allowed = cascade.cascading === false ? 1 : Math.min(cascade.max_attempts ?? Infinity, world.max_attempts)
  const usable =
    strategy.type === 'weight' ? strategy.routes.filter(({ weight }) => weight > 0).length : strategy.routes.length
  if (usable < allowed)
    note('warning', `${path}.strategy`, `${usable} ${usable === 1 ? 'route' : 'routes'} for ${allowed} attempts`)
}
