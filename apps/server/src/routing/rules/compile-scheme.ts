/** A scheme made ready for choosing: conditions compiled, candidates laid out. Done once per version. */
import type { RankedStrategy, Rule, Scheme, Strategy } from '../scheme.ts'
import { compileConditions, fieldsOf, type Predicate } from './conditions.ts'
import type { Candidate } from './strategies/order.ts'

export type CompiledStrategy = {
  readonly type: Strategy['type']
  readonly routes: readonly Candidate[]
  /** Of strategies that order by what is known of the routes. */
  readonly ranked: RankedStrategy | null
}

export type CompiledRule = {
  readonly rule: Rule
  readonly holds: Predicate
  readonly strategy: CompiledStrategy
  readonly fields: readonly string[]
}

export type CompiledScheme = {
  readonly rules: readonly CompiledRule[]
  readonly on_no_rule: CompiledStrategy | null
}

/** What the scheme must know of its routes besides their rows. */
export function needsOf(scheme: Scheme): { readonly costs: boolean; readonly counts: boolean } {
  const { rules, on_no_rule } = compileScheme(scheme)
  const ranked = [...rules.map(({ strategy }) => strategy), on_no_rule].map((one) => one?.ranked ?? null)
  const wants = (what: 'cost' | 'conversion') => ranked.some((one) => one?.type === what || one?.then === what)
  return { costs: wants('cost'), counts: wants('conversion') }
}

/** Gateways that a payment may be routed to by this scheme, whatever its rules say of the payment. */
export function gatewaysOf(scheme: Scheme): ReadonlySet<number> {
  const { rules, on_no_rule } = compileScheme(scheme)
  const strategies = [...rules.map(({ strategy }) => strategy), ...(on_no_rule ? [on_no_rule] : [])]
  return new Set(strategies.flatMap(({ routes }) => routes.map(({ gateway_id }) => gateway_id)))
}

const compiled = new WeakMap<Scheme, CompiledScheme>()

/** The compiled form of a validated scheme; the same object gives the same form again. */
export function compileScheme(scheme: Scheme): CompiledScheme {
  const known = compiled.get(scheme)
  if (known) return known
  const made: CompiledScheme = {
    rules: scheme.rules.map((rule) => ({
      rule,
      holds: compileConditions(rule.conditions),
      strategy: compileStrategy(rule.strategy),
      fields: [...new Set(fieldsOf(rule.conditions))],
    })),
    on_no_rule: scheme.on_no_rule === 'fail' ? null : compileStrategy(scheme.on_no_rule),
  }
  compiled.set(scheme, made)
  return made
}

function compileStrategy(strategy: Strategy): CompiledStrategy {
  if (strategy.type === 'weight') return { ...strategy, ranked: null }
  const { type } = strategy
  const routes = strategy.routes.map(({ gateway_id }) => ({ gateway_id, weight: null }))
  return { type, routes, ranked: type === 'cost' || type === 'conversion' ? strategy : null }
}
