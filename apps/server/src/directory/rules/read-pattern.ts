/** Patterns of service fields as other systems write them. */
import { BadRow } from './bad-row.ts'
import { compilePattern } from './match-field.ts'

/**
 * The pattern without delimiters and with single backslashes. Understands `/…/` and `/…/i`, and the doubled backslashes in
 * which the prerequest gives patterns out. Empty = anything. Throws BadRow when no regular expression can be read from it.
 */
export function readPattern(written: string): string {
  if (written === '') return '^.*$'
  const delimited = /^\/(.*)\/([a-zA-Z]*)$/s.exec(written)
  const pattern = delimited ? withFlags(delimited[1]!, delimited[2]!) : undoubled(written)
  if (compilePattern(pattern) === null) throw new BadRow(`"regexp" cannot be read: ${written.slice(0, 80)}`)
  return pattern
}

function withFlags(pattern: string, flags: string): string {
  // Unicode and "$ only at the very end" are how patterns are matched here anyway.
  const left = flags.replace(/[uD]/g, '')
  if (left === '') return pattern
  if (left === 'i') return `(?i:${pattern})`
  throw new BadRow(`"regexp" has flags that are not supported: ${flags}`)
}

/** Halves the backslashes when all of them come in pairs. */
function undoubled(pattern: string): string {
  const runs = pattern.match(/\\+/g) ?? []
  return runs.length > 0 && runs.every((run) => run.length % 2 === 0) ? pattern.replaceAll('\\\\', '\\') : pattern
}
