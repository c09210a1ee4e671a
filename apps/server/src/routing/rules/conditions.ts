/** Conditions of a rule, compiled once per version. Cascading rules, sections 2.1 and 2.3. */
import type { Conditions, Leaf, LeafValue, Operator } from '../scheme.ts'
import { type Asked, type Field, type FieldType, type FieldValue, findField } from './facts.ts'
import { type AddressRange, isInRange, parseRange } from './ip-range.ts'

export type Predicate = (asked: Asked) => boolean
type Test = (value: Exclude<FieldValue, null>) => boolean

/** Compiles a validated tree; throws on a field, operator or value that validation would have refused. */
export function compileConditions(conditions: Conditions): Predicate {
  if ('all' in conditions) {
    const parts = conditions.all.map(compileConditions)
    return (asked) => parts.every((part) => part(asked))
  }
  if ('any' in conditions) {
    const parts = conditions.any.map(compileConditions)
    return (asked) => parts.some((part) => part(asked))
  }
  if ('not' in conditions) {
    const part = compileConditions(conditions.not)
    return (asked) => !part(asked)
  }
  return isLeaf(conditions) ? compileLeaf(conditions) : () => true
}

/** A leaf, as opposed to a branch or the empty tree. */
export function isLeaf(conditions: Conditions): conditions is Leaf {
  return 'field' in conditions
}

/** On a missing value every test is false, the opposite ones too; only `is_empty` holds. */
export function compileLeaf(leaf: Leaf): Predicate {
  const field = fieldOf(leaf)
  const { read } = field
  if (leaf.op === 'is_empty') return (asked) => isEmpty(read(asked))
  if (leaf.op === 'not_empty') return (asked) => !isEmpty(read(asked))
  const holds = compileTest(field.type, leaf.op, leaf)
  return (asked) => {
    const value = read(asked)
    return value !== null && holds(value)
  }
}

/** All fields the tree asks for. */
export function fieldsOf(conditions: Conditions): string[] {
  if ('all' in conditions) return conditions.all.flatMap(fieldsOf)
  if ('any' in conditions) return conditions.any.flatMap(fieldsOf)
  if ('not' in conditions) return fieldsOf(conditions.not)
  return isLeaf(conditions) ? [conditions.field] : []
}

export type DecidingLeaf = Leaf & { readonly negated?: true }

/** The first leaf that made the tree false; for a `not` the first that made its inside true. `null` when the tree holds. */
export function firstFalseLeaf(conditions: Conditions, asked: Asked): DecidingLeaf | null {
  return decidingLeaf(conditions, asked, false)
}

function decidingLeaf(conditions: Conditions, asked: Asked, wanted: boolean): DecidingLeaf | null {
  if (compileConditions(conditions)(asked) !== wanted) return null
  if ('not' in conditions) return decidingLeaf(conditions.not, asked, !wanted)
  const parts = 'all' in conditions ? conditions.all : 'any' in conditions ? conditions.any : null
  for (const part of parts ?? []) {
    const found = decidingLeaf(part, asked, wanted)
    if (found) return found
  }
  if (parts !== null || !isLeaf(conditions)) return null
  return wanted ? { ...conditions, negated: true } : conditions
}

function fieldOf(leaf: Leaf): Field {
  const field = findField(leaf.field)
  if (!field) throw new Error(`a published scheme asks for the unknown field ${leaf.field}`)
  return field
}

function isEmpty(value: FieldValue): boolean {
  return value === null || value === ''
}

function compileTest(type: FieldType, op: Operator, leaf: Leaf): Test {
  const { value } = leaf
  switch (op) {
    case 'eq':
    case 'in':
      return oneOf(type, listOf(value))
    case 'ne':
    case 'not_in': {
      const holds = oneOf(type, listOf(value))
      return (given) => !holds(given)
    }
    case 'gt':
      return compare(type, value, (given, edge) => given > edge)
    case 'gte':
      return compare(type, value, (given, edge) => given >= edge)
    case 'lt':
      return compare(type, value, (given, edge) => given < edge)
    case 'lte':
      return compare(type, value, (given, edge) => given <= edge)
    case 'between': {
      const [from, to] = listOf(value)
      const above = compare(type, from, (given, edge) => given >= edge)
      const below = compare(type, to, (given, edge) => given <= edge)
      return (given) => above(given) && below(given)
    }
    default:
      throw new Error(`a published scheme uses the unknown operator ${leaf.op}`)
  }
}

function listOf(value: LeafValue | undefined): readonly (string | number | boolean)[] {
  if (value === undefined) throw new Error('a published scheme lacks the value of a condition')
  return typeof value === 'object' ? value : [value]
}

function oneOf(type: FieldType, list: readonly (string | number | boolean)[]): Test {
  if (type === 'address') {
    const ranges = list.map((item) => parseRange(String(item))).filter((range): range is AddressRange => range !== null)
    return (given) => ranges.some((range) => isInRange(String(given), range))
  }
  if (type === 'code') {
    const codes = new Set(list.flatMap((item) => [String(item), String(item).toUpperCase()]))
    return (given) => codes.has(given as string) || codes.has((given as string).toUpperCase())
  }
  const values = new Set<unknown>(list.map((item) => (type === 'amount' ? BigInt(item) : item)))
  return (given) => values.has(given)
}

type Ordered = number | bigint

function compare(type: FieldType, value: LeafValue | undefined, holds: (a: Ordered, b: Ordered) => boolean): Test {
  const edge = type === 'amount' ? BigInt(value as string | number) : Number(value)
  return (given) => holds(given as Ordered, edge)
}
