/** A strategy and the settings of a rule as an operator wrote them. Cascading rules, sections 3 and 15. */
import type { CascadeOverrides, Strategy, StrategyRoute, WeightedRoute } from '../scheme.ts'
import type { DeclineOverride } from './classify-decline.ts'
import { isDeclineClass } from './decline-class.ts'
import { isMap, isWhole, type JsonMap, type Report, reportUnknownKeys } from './finding.ts'
import { networkCeilings } from './network-guard.ts'

export const weight_max = 1000
export const routes_max = 1000
const gateway_id_max = 2_147_483_647
const types = ['direct', 'priority', 'weight', 'cost', 'conversion']

/** The strategy, or `null` when an error was reported. */
export function readStrategy(written: unknown, path: string, report: Report): Strategy | null {
  let wrong = 0
  const refuse = (at: string, message: string): void => {
    wrong += 1
    report(at, message)
  }
  if (!isMap(written)) {
    refuse(path, 'a strategy is an object with type and routes')
    return null
  }
  const { type, routes } = written
  const options = type === 'cost' ? orderOptions : type === 'conversion' ? [...orderOptions, 'explore_percent'] : []
  reportUnknownKeys(written, ['type', 'routes', ...options], path, refuse)
  readOrderOptions(written, path, refuse)
  if (!types.some((known) => known === type)) refuse(`${path}.type`, `a strategy is one of ${types.join(', ')}`)
  if (!Array.isArray(routes) || routes.length === 0) refuse(`${path}.routes`, 'a strategy needs a route')
  else if (routes.length > routes_max) refuse(`${path}.routes`, `${routes.length} routes, at most ${routes_max}`)
  if (wrong > 0) return null
  const weighted = type === 'weight'
  const list = (routes as unknown[]).map((route, index) =>
    readRoute(route, weighted, `${path}.routes[${index}]`, refuse),
  )
  const read = list.filter((route) => route !== null)
  const ids = read.map(({ gateway_id }) => gateway_id)
  const twice = ids.find((id, index) => ids.indexOf(id) < index)
  if (twice !== undefined) refuse(`${path}.routes`, `gateway ${twice} is there twice`)
  if (type === 'direct' && list.length !== 1) refuse(`${path}.routes`, 'direct takes exactly one route')
  if (weighted && read.length === list.length && read.every((route) => 'weight' in route && route.weight === 0))
    refuse(`${path}.routes`, 'the weights sum to 0')
  if (wrong > 0) return null
  const chosen = options.filter((key) => written[key] !== undefined).map((key) => [key, written[key]])
  return { type, routes: read, ...Object.fromEntries(chosen) } as Strategy
}

const orderOptions = ['then', 'tolerance_percent']
const seconds = ['cost', 'conversion', 'priority']

function readOrderOptions(
  { type, then, tolerance_percent, explore_percent }: JsonMap,
  path: string,
  report: Report,
): void {
  if (type !== 'cost' && type !== 'conversion') return
  if (then !== undefined && (then === type || !seconds.some((known) => known === then)))
    report(`${path}.then`, `then is one of ${seconds.filter((known) => known !== type).join(', ')}`)
  if (tolerance_percent !== undefined && !isWhole(tolerance_percent, 0, 100))
    report(`${path}.tolerance_percent`, 'tolerance_percent is a whole number from 0 to 100')
  if (tolerance_percent !== undefined && then === undefined)
    report(`${path}.tolerance_percent`, 'a tolerance needs a then that orders what is within it')
  if (type === 'conversion' && explore_percent !== undefined && !isWhole(explore_percent, 0, 20))
    report(`${path}.explore_percent`, 'explore_percent is a whole number from 0 to 20')
}

function readRoute(
  written: unknown,
  weighted: boolean,
  path: string,
  report: Report,
): StrategyRoute | WeightedRoute | null {
  if (!isMap(written) || !isWhole(written.gateway_id, 1, gateway_id_max)) {
    report(path, 'a route names its gateway_id, a whole number from 1')
    return null
  }
  reportUnknownKeys(written, weighted ? ['gateway_id', 'weight'] : ['gateway_id'], path, report)
  const { gateway_id, weight } = written
  if (!weighted) return { gateway_id }
  if (isWhole(weight, 0, weight_max)) return { gateway_id, weight }
  report(path, `weight is a whole number from 0 to ${weight_max}`)
  return null
}

type Setting = { readonly words: string; readonly fits: (value: unknown) => boolean }

const flag: Setting = { words: 'true or false', fits: (value) => typeof value === 'boolean' }
const whole = (min: number, max: number): Setting => ({
  words: `a whole number from ${min} to ${max}`,
  fits: (value) => isWhole(value, min, max),
})

const settings: Readonly<Record<keyof CascadeOverrides, Setting>> = {
  cascading: flag,
  max_attempts: whole(1, 20),
  time_budget_s: whole(1, 30),
  cascade_on_acquirer_risk: flag,
  excluded_routes: {
    words: 'a list of gateway ids',
    fits: (value) => Array.isArray(value) && value.every((id) => isWhole(id, 1, gateway_id_max)),
  },
  class_overrides: {
    words: 'a list of {"kind", "code", "class"}',
    fits: (value) => Array.isArray(value) && value.every(isOverride),
  },
  visa_30d_limit: whole(1, networkCeilings.visa_30d_limit),
  mastercard_24h_limit: whole(1, networkCeilings.mastercard_24h_limit),
  mastercard_30d_limit: whole(1, networkCeilings.mastercard_30d_limit),
}

const overrideKinds: readonly DeclineOverride['kind'][] = [
  'network_code',
  'advice_code',
  'unified_code',
  'resolution',
  'provider_code',
]

function isOverride(value: unknown): boolean {
  if (!isMap(value) || Object.keys(value).length !== 3) return false
  const { kind, code } = value
  return overrideKinds.some((known) => known === kind) && typeof code === 'string' && isDeclineClass(value.class)
}

/** The settings a level tightens, or `null` when an error was reported. */
export function readCascade(written: unknown, path: string, report: Report): CascadeOverrides | null {
  if (written === undefined) return {}
  if (!isMap(written)) {
    report(path, 'settings are an object')
    return null
  }
  let wrong = 0
  const refuse = (at: string, message: string): void => {
    wrong += 1
    report(at, message)
  }
  reportUnknownKeys(written, Object.keys(settings), path, refuse)
  for (const [key, { words, fits }] of Object.entries(settings)) {
    if (Object.hasOwn(written, key) && !fits(written[key]))
      refuse(path === '' ? key : `${path}.${key}`, `${key} is ${words}`)
  }
  return wrong > 0 ? null : (written as CascadeOverrides)
}
