/** A refusal of the Card API, thrown by its use cases and turned into a body in one place. Codes and texts: contract 11. */
import type { ErrorCode, Errors } from './errors.ts'

export class CardProblem extends Error {
  readonly http: number
  /** Code of the flat body. */
  readonly code: ErrorCode
  readonly errors: Errors | null
  readonly headers: Readonly<Record<string, string>>

  constructor(http: number, code: ErrorCode, errors: Errors | null = null, headers: Record<string, string> = {}) {
    super(`${http} ${code}`)
    this.name = 'CardProblem'
    this.http = http
    this.code = code
    this.errors = errors
    this.headers = headers
  }
}
