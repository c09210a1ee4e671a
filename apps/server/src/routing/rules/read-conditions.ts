/** Conditions as an operator wrote them: shape, fields, operators and values. Cascading rules, sections 2.1 to 2.4. */
import { type Conditions, type Leaf, type LeafValue, type Operator, operators } from '../scheme.ts'
import { type FieldType, findField } from './facts.ts'
import { isMap, type JsonMap, type Report, reportUnknownKeys } from './finding.ts'
import { parseRange } from './ip-range.ts'

/** Levels of a tree, its leaves included: a lone leaf has one. */
export const depth_max = 5
export const leaves_max = 50
export const list_max = 1000
const text_length_max = 1000

/** The tree, or `null` when an error was reported. */
export function readConditions(written: unknown, path: string, report: Report): Conditions | null {
  const tree = readTree(written, path, 1, report)
  const leaves = tree === null ? 0 : countLeaves(tree)
  if (leaves <= leaves_max) return tree
  report(path, `${leaves} leaves, at most ${leaves_max} are allowed`)
  return null
}

const branchKeys = ['all', 'any', 'not'] as const

function readTree(written: unknown, path: string, depth: number, report: Report): Conditions | null {
  const refuse = (message: string): null => {
    report(path, message)
    return null
  }
  if (!isMap(written)) return refuse('conditions are an object: {"all": […]}, {"any": […]}, {"not": …} or a leaf')
  if (depth > depth_max) return refuse(`deeper than ${depth_max} levels`)
  if (Object.keys(written).length === 0) return {}
  const branches = branchKeys.filter((key) => Object.hasOwn(written, key))
  const [branch] = branches
  if (branch === undefined) return readLeaf(written, path, report)
  if (Object.keys(written).length > 1) return refuse(`"${branch}" stands alone in its object`)
  if (branch === 'not') {
    const inner = readTree(written.not, `${path}.not`, depth + 1, report)
    return inner && { not: inner }
  }
  const list = written[branch]
  if (!Array.isArray(list)) return refuse(`"${branch}" takes a list`)
  if (list.length === 0 && branch === 'any') return refuse('"any" of nothing never holds')
  if (list.length > leaves_max) return refuse(`"${branch}" of ${list.length}, at most ${leaves_max} are allowed`)
  const parts = list.map((item, index) => readTree(item, `${path}.${branch}[${index}]`, depth + 1, report))
  const read = parts.filter((part) => part !== null)
  if (read.length < parts.length) return null
  return branch === 'all' ? { all: read } : { any: read }
}

function countLeaves(tree: Conditions): number {
  if ('all' in tree) return tree.all.reduce((sum, part) => sum + countLeaves(part), 0)
  if ('any' in tree) return tree.any.reduce((sum, part) => sum + countLeaves(part), 0)
  if ('not' in tree) return countLeaves(tree.not)
  return 'field' in tree ? 1 : 0
}

const ordered: ReadonlySet<Operator> = new Set<Operator>(['gt', 'gte', 'lt', 'lte', 'between'])
const withoutValue: ReadonlySet<Operator> = new Set<Operator>(['is_empty', 'not_empty'])
const withList: ReadonlySet<Operator> = new Set<Operator>(['in', 'not_in', 'between'])

function isOperator(op: unknown): op is Operator {
  return operators.some((known) => known === op)
}

/** Operators that make sense for values of the type. */
export function operatorsOf(type: FieldType): readonly Operator[] {
  if (type === 'flag') return ['eq', 'ne', 'is_empty', 'not_empty']
  return type === 'amount' || type === 'number' ? operators : operators.filter((op) => !ordered.has(op))
}

function readLeaf(written: JsonMap, path: string, report: Report): Leaf | null {
  const { field, op, value } = written
  let wrong = 0
  const refuse = (message: string): void => {
    wrong += 1
    report(path, message)
  }
  reportUnknownKeys(written, ['field', 'op', 'value'], path, (_, message) => refuse(message))
  const known = typeof field === 'string' ? findField(field) : null
  if (typeof field !== 'string' || !known) refuse(`there is no field ${JSON.stringify(field)?.slice(0, 60)}`)
  if (!isOperator(op))
    refuse(`there is no operator ${JSON.stringify(op)?.slice(0, 60)}; known: ${operators.join(', ')}`)
  if (!known || !isOperator(op)) return null
  if (!operatorsOf(known.type).includes(op)) refuse(`${op} does not go with ${field}`)
  else if (withoutValue.has(op)) {
    if (value !== undefined) refuse(`${op} takes no value`)
  } else {
    const message = wrongValue(known.type, op, value)
    if (message !== null) refuse(message)
  }
  if (wrong > 0) return null
  return { field: field as string, op, ...(value === undefined ? {} : { value: value as LeafValue }) }
}

function wrongValue(type: FieldType, op: Operator, value: unknown): string | null {
  if (!withList.has(op)) return isValue(type, op, value) ? null : `${op} takes ${valueWords[type]}`
  if (!Array.isArray(value)) return `${op} takes a list`
  if (op === 'between') {
    const [from, to, ...more] = value
    if (more.length > 0 || !isValue(type, op, from) || !isValue(type, op, to))
      return `between takes two ends, each ${valueWords[type]}`
    const wrongWay = type === 'amount' ? BigInt(from) > BigInt(to) : from > to
    return wrongWay ? 'between takes the lower end first' : null
  }
  if (value.length === 0 || value.length > list_max) return `${op} takes a list of 1 to ${list_max}`
  return value.every((item) => isValue(type, op, item)) ? null : `every item of ${op} is ${valueWords[type]}`
}

const valueWords: Readonly<Record<FieldType, string>> = {
  amount: 'a whole number of minor units (as text when it is very large)',
  number: 'a number',
  text: `a text of at most ${text_length_max} characters`,
  code: `a text of at most ${text_length_max} characters`,
  flag: 'true or false',
  address: 'an IP address, in a list also a network such as 203.0.113.0/24',
}

function isValue(type: FieldType, op: Operator, value: unknown): value is string | number {
  switch (type) {
    case 'amount':
      return Number.isSafeInteger(value) || (typeof value === 'string' && /^-?\d{1,18}$/.test(value))
    case 'number':
      return typeof value === 'number' && Number.isFinite(value)
    case 'flag':
      return typeof value === 'boolean'
    case 'address': {
      if (typeof value !== 'string' || parseRange(value) === null) return false
      return withList.has(op) || !value.includes('/')
    }
    default:
      return typeof value === 'string' && value.length <= text_length_max
  }
}
