/** What can be said of conditions without a payment: do they always hold, and which values of a field do they let through? */
import type { Conditions } from '../scheme.ts'

/** Certain: true only when no payment can fail them. */
export function alwaysHold(conditions: Conditions): boolean {
  if ('all' in conditions) return conditions.all.every(alwaysHold)
  if ('any' in conditions) return conditions.any.some(alwaysHold)
  if ('not' in conditions || 'field' in conditions) return false
  return true
}

/** The values the conditions let through, codes in upper case; `null` = more than can be listed. */
export function possibleValues(conditions: Conditions, field: string): ReadonlySet<string> | null {
  if ('all' in conditions) {
    const sets = conditions.all.map((part) => possibleValues(part, field)).filter((set) => set !== null)
    return sets.length === 0 ? null : sets.reduce((a, b) => a.intersection(b))
  }
  if ('any' in conditions) {
    const sets = conditions.any.map((part) => possibleValues(part, field))
    return sets.some((set) => set === null) ? null : new Set(sets.flatMap((set) => [...(set ?? [])]))
  }
  if (!('field' in conditions) || conditions.field !== field) return null
  const { op, value } = conditions
  if (op === 'eq' && value !== undefined) return new Set([String(value).toUpperCase()])
  if (op === 'in' && Array.isArray(value)) return new Set(value.map((item) => String(item).toUpperCase()))
  return null
}
