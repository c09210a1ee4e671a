/** An operator books an order that was paid although nobody was shown its requisites. Cascade API, 7.3. */
import { getAccount } from '../accounts/find-account.ts'
import { isTakenReference } from '../cascades/close-provider-payment.ts'
import { findProviderPayment } from '../cascades/find-provider-payment.ts'
import { openCase } from '../cascades/open-case.ts'
import { payOrphan } from '../cascades/pay-orphan.ts'
import { takeCase } from '../cascades/take-case.ts'
import type { Context } from '../context.ts'
import { bookingTransfers } from './book.ts'
import { prepareChange } from './change-payment.ts'
import { exponentsOf } from './exponents-of.ts'
import { loadState, type State } from './find-payment.ts'
import { pauseAfterConflict } from './pause-after-conflict.ts'
import type { Attempt } from './payment.ts'
import { bookOrphan as decideOrphan } from './rules/book-orphan.ts'
import type { OfAttempt } from './settle-receipt.ts'

export type BookedOrphan =
  | { readonly result: 'booked'; readonly state: State; readonly unallocated: boolean }
  | {
      readonly result: 'refused'
      readonly why: 'booked_before' | 'not_an_orphan' | 'case_closed' | 'comment_missing'
    }

/** Times a decision is made anew because the payment changed beside it. */
const conflicts_max = 60

class RolledBack extends Error {}

/**
 * Debits the provider, and makes a late success of it where the payment takes one; else the money stands on unallocated receipts
 * with a case of its own. Ends the case `case_id`, in the same commit. An order is booked once, whoever repeats it.
 */
export async function bookOrphan(
  ctx: Context,
  of: OfAttempt & { readonly case_id: string },
  { by, comment }: { readonly by: string; readonly comment: string },
): Promise<BookedOrphan> {
  const note = comment.trim()
  if (note === '') return { result: 'refused', why: 'comment_missing' }
  for (let tries = 0; tries < conflicts_max; tries += 1) {
    const booked = await book(ctx, of, { by, note })
    if (booked) return booked
    await pauseAfterConflict(tries)
  }
  throw new Error(`payment ${of.payment_id} kept changing while an order of it was booked`)
}

/** `null` = the payment has changed since it was read, and nothing was written. */
async function book(
  ctx: Context,
  of: OfAttempt & { readonly case_id: string },
  { by, note }: { readonly by: string; readonly note: string },
): Promise<BookedOrphan | null> {
  const account = await getAccount(ctx, of.account_id)
  const state = await loadState(ctx, of.account_id, of.payment_id)
  const row = await findProviderPayment(ctx.sql, of.account_id, of.attempt_id)
  const before = state.attempts.find(({ id }) => id === of.attempt_id)
  if (!row || !before) throw new Error(`attempt ${of.attempt_id} is at no provider of requisites`)
  const { payment } = state
  const now = ctx.now()
  const decision = decideOrphan({
    ...{ ...state, number: before.number, provider_reference: row.provider_reference, now },
    accept_late: account.options.accept_late_transfers,
    exponents: await exponentsOf(ctx, payment),
  })
  if (decision.result === 'refused') return decision
  const attempt: Attempt = { ...before, ...decision.attempt }
  const paid = { ...payment, ...decision.payment }
  const prepared = await prepareChange(ctx, account, state, {
    payment: decision.payment,
    attempt,
    transfers: bookingTransfers(ctx, account, paid, attempt, decision.booking),
  })
  let refused: BookedOrphan | null = null
  try {
    const after = (await ctx.sql.begin(async (tx) => {
      const written = await prepared.write(tx)
      if (!written) throw new RolledBack()
      const undo = (why: 'not_an_orphan' | 'case_closed'): never => {
        refused = { result: 'refused', why }
        throw new RolledBack()
      }
      if (!(await payOrphan(tx, row, now))) undo('not_an_orphan')
      if (!(await takeCase(tx, of.case_id, { at: now, by, note: `booked: ${note}` }))) undo('case_closed')
      const { provider_id, account_id, payment_id, attempt_id } = row
      const facts = { provider_id, account_id, payment_id, attempt_id }
      if (decision.case)
        await openCase(ctx, tx, { ...facts, kind: decision.case, detail: 'an order that nobody was shown was booked' })
      return written
    })) as State
    return { result: 'booked', state: after, unallocated: decision.case !== null }
  } catch (error) {
    if (error instanceof RolledBack) return refused
    if (isTakenReference(error)) return { result: 'refused', why: 'not_an_orphan' }
    throw error
  }
}
