/** What validation says about a scheme. Cascading rules, section 2.4. */

/** An error forbids publishing; a warning is only told. */
export type Finding = {
  readonly severity: 'error' | 'warning'
  /** Where, such as `rules[2].strategy.routes[0]`; empty = the scheme as a whole. */
  readonly path: string
  readonly message: string
}

/** Takes down one finding. */
export type Report = (path: string, message: string) => void

export type JsonMap = { readonly [key: string]: unknown }

/** Is it a JSON object? Arrays and `null` are none. */
export function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Reports every key that is not among the known ones: a misspelt setting must not be ignored in silence. */
export function reportUnknownKeys(value: JsonMap, known: readonly string[], path: string, report: Report): void {
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) report(path, `"${key.slice(0, 50)}" is not known here; known: ${known.join(', ')}`)
  }
}

/** A whole number from `min` to `max`, both included. */
export function isWhole(value: unknown, min: number, max: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max
}
