import { maskNumbers } from '@cascad/provider-kit/mask'
import type { Context } from '../context.ts'
import type { Database } from '../database/connect.ts'
import { newId } from '../ids.ts'
import { insertCase } from './case-table.ts'
import type { NewCase } from './provider-case.ts'

const detail_max = 500

/**
 * Puts something before a person, with an alarm; once per attempt and kind, also after the case was closed. `sql` = the pool, or
 * the transaction whose commit makes it true. `false` = it was there before.
 */
export async function openCase(ctx: Pick<Context, 'now' | 'events'>, sql: Database, given: NewCase): Promise<boolean> {
  const now = ctx.now()
  const detail = maskNumbers(given.detail).slice(0, detail_max)
  const { provider_id, account_id, payment_id, attempt_id, kind } = given
  const facts = { provider_id, account_id, payment_id, attempt_id, kind }
  const opened = await insertCase(sql, { ...facts, detail, id: newId('provider_case', now), opened_at: now })
  if (opened) ctx.events.alarm('provider case', facts)
  return opened
}
