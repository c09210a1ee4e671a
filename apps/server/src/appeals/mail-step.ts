/** Mails that a step of an appeal owes, written in its commit. Cascade API, 11.1 and 11.2. */
import { getAccount } from '../accounts/find-account.ts'
import { findProvider } from '../cascades/find-provider.ts'
import type { Context } from '../context.ts'
import type { Fragment } from '../database/connect.ts'
import { getExponent } from '../directory/currencies.ts'
import { insertMails } from '../mail/insert-mails.ts'
import { type Addressed, addressesOfProvider, writeMails } from '../mail/write-mails.ts'
import { findPayment } from '../payments/find-payment.ts'
import { checkoutUrl } from '../payments/hpp-url.ts'
import type { Payment } from '../payments/payment.ts'
import type { Appeal } from './appeal.ts'
import { alarmLetter } from './letters/alarm-letter.ts'
import { claimantLetter } from './letters/claimant-letter.ts'
import type { LetterFacts } from './letters/facts.ts'
import { payerLetter } from './letters/payer-letter.ts'
import { reminderLetter } from './letters/reminder-letter.ts'
import { type StepToTell, type Told, toldOfStep } from './rules/told-of-step.ts'

export type MailedStep = Pick<StepToTell, 'step' | 'calls' | 'side' | 'internal'>

/** CTEs guarded by `moved`, none when nobody is told; the letters say how the appeal will be once it is committed. */
export async function mailsOfStep(
  ctx: Context,
  before: Appeal | null,
  after: Appeal,
  step: MailedStep,
): Promise<Fragment[]> {
  if (!ctx.config.mail) return []
  const { opened_side, account_id, payment_id, provider_id } = after
  const told = toldOfStep({ ...step, from: before?.state ?? null, to: after.state, opened_side })
  if (told.length === 0) return []
  const [account, payment, provider, exponent] = await Promise.all([
    getAccount(ctx, account_id),
    findPayment(ctx, account_id, payment_id),
    findProvider(ctx.sql, provider_id),
    getExponent(ctx, after.currency),
  ])
  const facts: LetterFacts = {
    appeal: after,
    exponent,
    merchant: { name: account.name, time_zone: account.time_zone },
    provider_name: provider?.name ?? '',
  }
  const reader = { facts, step: step.step, payment, merchant_email: account.options.notification_email }
  const addressed = (await Promise.all(told.map((one) => address(ctx, one, reader)))).flat()
  const mails = writeMails(after.id, addressed, after.updated_at)
  return mails.length === 0 ? [] : [insertMails(ctx.sql, account_id, mails, ctx.sql`moved`)]
}

type Reader = {
  readonly facts: LetterFacts
  readonly step: string
  readonly payment: Payment | null
  readonly merchant_email: string | null
}

async function address(ctx: Context, { audience, occasion }: Told, reader: Reader): Promise<Addressed[]> {
  const { facts, step, payment, merchant_email } = reader
  const { appeal } = facts
  const { public_url, mail } = ctx.config
  if (occasion === 'reminder') {
    const letter = reminderLetter(facts, `${public_url}/dashboard/appeals/${appeal.id}`)
    const people = await addressesOfProvider(ctx, appeal.provider_id, 'appeals')
    return people.map((to) => ({ audience, to, letter }))
  }
  const operator = mail?.operator ?? null
  if (occasion === 'alarm') return [{ audience, to: operator, letter: alarmLetter(step, facts, ctx.now()) }]
  if (audience === 'payer')
    return [
      {
        audience,
        to: payment?.customer?.email ?? null,
        letter: payerLetter(occasion, facts, pageOf(ctx, appeal, payment)),
      },
    ]
  if (audience === 'operator') return [{ audience, to: operator, letter: claimantLetter(occasion, facts, audience) }]
  return [{ audience, to: merchant_email, letter: claimantLetter(occasion, facts, 'merchant') }]
}

/** In the language the payer had there; payments of other faces have no page of ours that this address opens. */
function pageOf(ctx: Context, { payer_locale }: Appeal, payment: Payment | null): string | null {
  if (!payment || ctx.faces.has(payment.source)) return null
  const page = checkoutUrl(ctx.config, payment.id)
  return payer_locale === null ? page : `${page}&locale=${payer_locale}`
}
