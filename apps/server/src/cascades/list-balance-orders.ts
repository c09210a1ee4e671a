/** Top-ups and withdrawals of a provider, newest first, by pages. */
import type { Database } from '../database/connect.ts'
import { selectTopUps, type TopUp } from './top-up-table.ts'
import { selectWithdrawals, type Withdrawal } from './withdrawal-table.ts'

export type OrderPage = {
  readonly test_mode: boolean /** The last id of the page before. */
  readonly before?: string
  readonly limit: number
}

const limit_max = 500

export async function listTopUps(sql: Database, provider_id: string, page: OrderPage): Promise<TopUp[]> {
  return selectTopUps(sql, provider_id, page.test_mode, page.before ?? null, Math.min(page.limit, limit_max))
}

export async function listWithdrawals(sql: Database, provider_id: string, page: OrderPage): Promise<Withdrawal[]> {
  return selectWithdrawals(sql, provider_id, page.test_mode, page.before ?? null, Math.min(page.limit, limit_max))
}
