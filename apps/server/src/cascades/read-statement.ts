import type { Database } from '../database/connect.ts'
import { firstIdAt, isId } from '../ids.ts'
import { type ProviderEntry, readProviderEntries } from '../ledger/provider-entries.ts'
import type { ProviderCode } from '../ledger/rules/provider-transfers.ts'
import { booksOf, type Provider } from './provider.ts'

/**
 * A line of the statement; amounts in settlement minor units. `payment_id` is the payment as its provider knows it, for lines that
 * are about one: the id of the attempt. The merchant's own opens the payer's page, and is nothing for providers.
 */
export type StatementLine = ProviderEntry & {
  readonly available_before_minor: bigint
  readonly payment_id: string | null
}

export type StatementRequest = {
  readonly test_mode: boolean
  readonly from?: Date
  /** Not included. */
  readonly to?: Date
  /** Only these; left out = all. */
  readonly codes?: readonly ProviderCode[]
  /** Of the page before; `from` and `codes` stay the same, `to` no longer counts. */
  readonly cursor?: string
  readonly limit: number
}

export type Statement = {
  readonly lines: readonly StatementLine[] /** `null` = the last page. */
  readonly cursor: string | null
}

const limit_max = 1000

/**
 * Every booking of a provider's balance, newest first, each with what was available before and after it. The cursor carries the
 * balance, so a page costs the same however far back it is. Throws RangeError for a cursor that is none of ours.
 */
export async function readStatement(
  sql: Database,
  provider: Pick<Provider, 'id' | 'settlement_currency'>,
  request: StatementRequest,
): Promise<Statement> {
  const limit = Math.min(request.limit, limit_max)
  const entries = await readProviderEntries(sql, booksOf(provider, request.test_mode), {
    from: request.from ? firstIdAt('transfer', request.from) : null,
    ...startOf(request),
    ...(request.codes ? { codes: request.codes } : {}),
    limit: limit + 1,
  })
  const shown = entries.slice(0, limit)
  const lines = shown.map((entry) => ({
    ...entry,
    available_before_minor: entry.available_after_minor - entry.change_minor,
    payment_id: isId('attempt', entry.subject_id) ? entry.subject_id : null,
  }))
  const last = lines.at(-1)
  return { lines, cursor: last && entries.length > limit ? `${last.id}.${last.available_before_minor}` : null }
}

function startOf({ cursor, to }: StatementRequest): { before: string | null; available_minor: bigint | null } {
  if (cursor === undefined) return { before: to ? firstIdAt('transfer', to) : null, available_minor: null }
  const [, before = '', available = ''] = /^(trf_\w{16})\.(-?\d{1,30})$/.exec(cursor) ?? []
  if (!isId('transfer', before)) throw new RangeError('The cursor is none of a statement.')
  return { before, available_minor: BigInt(available) }
}
