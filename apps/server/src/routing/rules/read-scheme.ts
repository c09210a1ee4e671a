/** A scheme as an operator wrote it, read into its full form. Everything that could make routing stumble is an error here. */
import { isTimeZone } from '../../http/time-zone.ts'
import { noSchemeId, type Rule, type Scheme } from '../scheme.ts'
import { type Finding, isMap, type JsonMap, type Report, reportUnknownKeys } from './finding.ts'
import { readConditions } from './read-conditions.ts'
import { readCascade, readStrategy } from './read-strategy.ts'

export const rules_max = 200
const name_length_max = 100

export type ReadScheme = { readonly scheme: Scheme | null; readonly findings: readonly Finding[] }

/**
 * Left out: `kind` payment, `time_zone` UTC, `on_no_rule` fail; of a rule `name` its id, `active` true, `conditions` {},
 * `cascade` {}, `on_empty` fail. `scheme` is `null` when there is an error.
 */
export function readScheme(written: unknown): ReadScheme {
  const findings: Finding[] = []
  const report: Report = (path, message) => findings.push({ severity: 'error', path, message })
  if (!isMap(written)) {
    report('', 'a scheme is an object')
    return { scheme: null, findings }
  }
  const { id, kind = 'payment', time_zone = 'UTC', on_no_rule = 'fail' } = written
  reportUnknownKeys(written, ['id', 'name', 'kind', 'time_zone', 'rules', 'on_no_rule', 'cascade'], '', report)
  if (id === noSchemeId) report('id', `${noSchemeId} stands for an account without a scheme`)
  else if (typeof id !== 'string' || !/^[A-Za-z0-9_-]{1,64}$/.test(id))
    report('id', 'an id is 1 to 64 letters, digits, _ or -')
  const name = readName(written, id, 'name', report)
  if (kind !== 'payment' && kind !== 'payout') report('kind', 'kind is payment or payout')
  if (typeof time_zone !== 'string' || !isTimeZone(time_zone)) report('time_zone', 'there is no such time zone')
  const rules = readRules(written.rules, report)
  const otherwise = on_no_rule === 'fail' ? 'fail' : readStrategy(on_no_rule, 'on_no_rule', report)
  const cascade = written.cascade === undefined ? {} : { cascade: readCascade(written.cascade, 'cascade', report) }
  if (findings.length > 0) return { scheme: null, findings }
  return { scheme: { id, name, kind, time_zone, rules, on_no_rule: otherwise, ...cascade } as Scheme, findings }
}

function readRules(written: unknown, report: Report): Rule[] {
  if (!Array.isArray(written)) report('rules', 'rules are a list')
  else if (written.length > rules_max) report('rules', `${written.length} rules, at most ${rules_max}`)
  else {
    const rules = written
      .map((rule, index) => readRule(rule, `rules[${index}]`, report))
      .filter((rule) => rule !== null)
    rules.forEach(({ id }, index) => {
      if (rules.findIndex((other) => other.id === id) < index) report('rules', `two rules have the id ${id}`)
    })
    return rules
  }
  return []
}

const ruleKeys = ['id', 'name', 'active', 'conditions', 'strategy', 'cascade', 'on_empty']

function readRule(written: unknown, path: string, report: Report): Rule | null {
  if (!isMap(written)) {
    report(path, 'a rule is an object')
    return null
  }
  const { id, active = true, on_empty = 'fail' } = written
  reportUnknownKeys(written, ruleKeys, path, report)
  if (typeof id !== 'string' || id === '' || id.length > 64) report(`${path}.id`, 'an id is 1 to 64 characters')
  const name = readName(written, id, `${path}.name`, report)
  if (typeof active !== 'boolean') report(`${path}.active`, 'active is true or false')
  if (on_empty !== 'fail' && on_empty !== 'next_rule') report(`${path}.on_empty`, 'on_empty is fail or next_rule')
  const conditions = readConditions(written.conditions ?? {}, `${path}.conditions`, report)
  const strategy = readStrategy(written.strategy, `${path}.strategy`, report)
  const cascade = readCascade(written.cascade, `${path}.cascade`, report)
  return { id, name, active, conditions, strategy, cascade, on_empty } as Rule
}

function readName(written: JsonMap, id: unknown, path: string, report: Report): unknown {
  const { name = id } = written
  if (typeof name !== 'string' || name === '' || name.length > name_length_max)
    report(path, `a name is 1 to ${name_length_max} characters`)
  return name
}
