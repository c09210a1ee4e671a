import type { Database, Fragment } from '../database/connect.ts'
import { endedCases } from './case-table.ts'
import type { ProviderCaseKind } from './provider-payment.ts'

export type EndedCases = {
  readonly attempt_id: string
  readonly kinds: readonly ProviderCaseKind[]
  readonly at: Date
  readonly by: string
  readonly note: string
}

/** CTE, guarded by `moved`, that closes the attempt's open cases of these kinds: the statement settles what they are about. */
export function endCases(sql: Database, ended: EndedCases): Fragment {
  return endedCases(sql, ended)
}
