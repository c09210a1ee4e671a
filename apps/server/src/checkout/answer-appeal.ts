/** `POST /hpp/appeal/…?cpi=…`: the payer's answer to a provider that has not found the transfer. Cascade API 11.1, P8. */
import { acceptAmount } from '../appeals/accept-amount.ts'
import type { Appeal } from '../appeals/appeal.ts'
import { contestAppeal } from '../appeals/contest-appeal.ts'
import { findOpenAppeal } from '../appeals/find-appeal.ts'
import type { Context } from '../context.ts'
import { linkTo } from './link.ts'
import { loadAnyCheckout } from './load-checkout.ts'
import { appealPlace } from './load-transfer.ts'
import type { PayerAnswer, PayerCall } from './payer-route.ts'
import { commentLengthMax } from './rules/read-appeal-form.ts'

/** Nothing happens where no answer is waited for, or to another appeal than the form is about. */
export async function answerAppeal(ctx: Context, call: PayerCall, answer: 'contest' | 'accept'): Promise<PayerAnswer> {
  const { account, state } = await loadAnyCheckout(ctx, { query: call.query }, call.look.locale)
  const { payment } = state
  const appeal = account.options.payer_appeals ? await findOpenAppeal(ctx.sql, account.id, payment.id) : null
  if (appeal && mayAnswer(appeal, ctx.now()) && call.form.mark === appeal.id) {
    const actor = { side: 'payer', name: 'payer', ip: call.ip } as const
    if (answer === 'accept') await acceptAmount(ctx, appeal, actor)
    else await contestAppeal(ctx, appeal, actor, { text: commentOf(call), files: [] })
  }
  return { to: linkTo(appealPlace(payment.id), call.look) }
}

/** The payer's own appeal was rejected, and the time to object is not over. */
export function mayAnswer({ state, opened_side, deadline_at }: Appeal, now: Date): boolean {
  return state === 'rejected' && opened_side === 'payer' && deadline_at !== null && deadline_at > now
}

function commentOf({ form }: PayerCall): string {
  const { comment } = form
  return typeof comment === 'string' ? [...comment.trim()].slice(0, commentLengthMax).join('') : ''
}
