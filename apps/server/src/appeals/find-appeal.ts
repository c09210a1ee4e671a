/** Ways to find appeals. Each gives back `null` or nothing when there is none; malformed ids find nothing. */
import type { Database } from '../database/connect.ts'
import { isId } from '../ids.ts'
import type { Appeal, AppealMessage, AppealStep, FileFacts } from './appeal.ts'
import {
  type AppealKey,
  type ProviderPage,
  selectAppeal,
  selectAppealById,
  selectAppealsOfAttempt,
  selectAppealsOfPayment,
  selectAppealsOfProvider,
  selectSteps,
  sumOpenOfProvider,
} from './table.ts'
import { type Fetch, selectFetches, selectFiles, selectThread } from './thread-table.ts'

/** An appeal of a payment of the account. */
export async function findAppeal(
  sql: Database,
  of: { readonly account_id: string; readonly payment_id: string; readonly id: string },
): Promise<Appeal | null> {
  const appeal = isId('appeal', of.id) ? await selectAppeal(sql, of) : null
  return appeal?.payment_id === of.payment_id ? appeal : null
}

/** For operators. */
export async function findAppealById(sql: Database, id: string): Promise<Appeal | null> {
  return isId('appeal', id) ? selectAppealById(sql, id) : null
}

/** An appeal against this provider. */
export async function findAppealOfProvider(
  sql: Database,
  of: { readonly provider_id: string; readonly id: string },
): Promise<Appeal | null> {
  const appeal = await findAppealById(sql, of.id)
  return appeal?.provider_id === of.provider_id ? appeal : null
}

/** Those against one attempt at this provider, in the order they were opened. */
export async function listAppealsOfAttempt(
  sql: Database,
  of: { readonly provider_id: string; readonly attempt_id: string },
): Promise<Appeal[]> {
  return selectAppealsOfAttempt(sql, of)
}

/** In the order they were opened; three at most. */
export async function listAppealsOfPayment(sql: Database, account_id: string, payment_id: string): Promise<Appeal[]> {
  return selectAppealsOfPayment(sql, account_id, payment_id)
}

/** The open appeal of a payment: while there is one, a provider may answer `appeal`, and is asked at least every 15 minutes. */
export async function findOpenAppeal(sql: Database, account_id: string, payment_id: string): Promise<Appeal | null> {
  const all = await selectAppealsOfPayment(sql, account_id, payment_id)
  return all.find(({ closed_at }) => closed_at === null) ?? null
}

export async function listAppealsOfProvider(sql: Database, page: ProviderPage): Promise<Appeal[]> {
  return selectAppealsOfProvider(sql, page)
}

/** For the overview of a provider: how many are open, and when the next verdict of its own is due. */
export async function countOpenAppeals(
  sql: Database,
  of: { readonly provider_id: string; readonly test_mode: boolean },
): Promise<{ readonly open: number; readonly next_deadline: Date | null }> {
  return sumOpenOfProvider(sql, of)
}

export type Thread = { readonly thread: readonly AppealMessage[]; readonly receipt: FileFacts | null }

/** All that was said, oldest first, and the receipt unless it is deleted. Whoever shows it leaves out what its reader may not see. */
export async function readThread(sql: Database, appeal: Appeal): Promise<Thread> {
  const [thread, files] = await Promise.all([selectThread(sql, appeal), selectFiles(sql, appeal)])
  const receipt = files.find(({ id, deleted_at }) => id === appeal.receipt_id && deleted_at === null) ?? null
  return { thread, receipt }
}

/** For operators: the audit, and who fetched the files. */
export async function readAudit(
  sql: Database,
  key: AppealKey,
): Promise<{ readonly steps: readonly AppealStep[]; readonly fetches: readonly Fetch[] }> {
  const [steps, files] = await Promise.all([selectSteps(sql, key), selectFiles(sql, key)])
  return {
    steps,
    fetches: await selectFetches(
      sql,
      files.map(({ id }) => id),
    ),
  }
}
