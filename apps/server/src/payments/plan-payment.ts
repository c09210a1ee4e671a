/** Checks a wish for a payment against what the account may and reckons its amounts. Contract 9, 11.1, 18.2; writes nothing. */
import type { ChargeOperation } from '@cascad/connector'
import { convertUp, type FeeTerms, formatMinor, planFee } from '@cascad/money'
import type { Account } from '../accounts/account.ts'
import { findCurrencyAccount } from '../accounts/currency-accounts.ts'
import type { Context } from '../context.ts'
import { currencies } from '../directory/currencies.ts'
import { exchangeRate } from '../directory/exchange-rate.ts'
import { findService, isUsable } from '../directory/find-service.ts'
import type { AccountService } from '../directory/service.ts'
import { messages } from '../http/messages.ts'
import type { PaymentTerms } from './payment.ts'
import { checkServiceFields } from './rules/service-fields.ts'

/** What the request says; `null` = missing or refused already by the reader of the fields. */
export type PaymentWish = {
  readonly test_mode: boolean
  readonly payment_flow: ChargeOperation
  readonly service: string | null
  readonly currency: string | null
  readonly amount_minor: bigint | null
  /** `null`: the payer has not been asked yet; the amounts can be reckoned all the same. */
  readonly service_fields: Readonly<Record<string, string>> | null
}

/** The amounts of the invoice, fixed when it is created. */
export type PaymentPlan = {
  readonly service: AccountService
  readonly payment_amount_minor: bigint
  readonly fee_minor: bigint
  readonly deposit_minor: bigint
  readonly terms: PaymentTerms
  /** `null` when the payer pays in the invoice's currency. */
  readonly exchange_rate: string | null
  readonly service_amount_minor: bigint
  readonly payment_service_amount_minor: bigint
}

export type Planned =
  | { readonly plan: PaymentPlan; readonly problems: null }
  | { readonly plan: null; readonly problems: Record<string, string> }

/** Every problem at once, one message per field (contract 4.2), or the plan. */
export async function planPayment(ctx: Context, account: Account, wish: PaymentWish): Promise<Planned> {
  const problems: Record<string, string> = {}
  const all = await currencies(ctx)
  if (wish.currency !== null) {
    if (!all.has(wish.currency)) problems.currency = messages.unknownCurrency
    else if (!(await findCurrencyAccount(ctx, account.id, wish.currency)))
      problems.currency = messages.currencyNotAvailable
  }
  const service = wish.service === null ? null : await findService(ctx, account.id, wish.service, wish.test_mode)
  if (wish.service !== null && !service) problems.service = messages.unknownService
  else if (service && !isUsable(service)) problems.service = messages.serviceNotAvailable
  if (service && wish.service_fields) Object.assign(problems, checkServiceFields(service, wish.service_fields))
  const complete = service !== null && wish.currency !== null && wish.amount_minor !== null
  if (!complete || problems.currency || problems.service) return { plan: null, problems }

  const plan = await reckonPlan(ctx, account, service, {
    ...wish,
    currency: wish.currency as string,
    amount_minor: wish.amount_minor as bigint,
  })
  if (typeof plan === 'string') return { plan: null, problems: { ...problems, currency: plan } }
  const exponent = all.get(service.service_currency)?.exponent ?? 2
  if (plan.deposit_minor < 0n) problems.amount = messages.feeNotCovered
  else if (plan.payment_service_amount_minor < service.amount_min_minor) {
    problems.amount = messages.atLeast(formatMinor(service.amount_min_minor, exponent))
  } else if (plan.payment_service_amount_minor > service.amount_max_minor) {
    problems.amount = messages.atMost(formatMinor(service.amount_max_minor, exponent))
  }
  return Object.keys(problems).length > 0 ? { plan: null, problems } : { plan, problems: null }
}

type Complete = PaymentWish & { readonly currency: string; readonly amount_minor: bigint }

/** The amounts of a payment by a service, or the message for `currency` when a rate is missing. Checks nothing else. */
export async function reckonPlan(
  ctx: Context,
  account: Account,
  service: AccountService,
  wish: Pick<Complete, 'payment_flow' | 'currency' | 'amount_minor'>,
): Promise<PaymentPlan | string> {
  const all = await currencies(ctx)
  const exponent = all.get(wish.currency)?.exponent ?? 2
  const serviceExponent = all.get(service.service_currency)?.exponent ?? 2
  const same = wish.currency === service.service_currency
  const rate = same ? '1' : await exchangeRate(ctx, account.id, wish.currency, service.service_currency)
  if (rate === null) return messages.noExchangeRate
  const fee = await feeTerms(ctx, account, service, wish.currency)
  if (fee === null) return messages.noExchangeRate
  const verify = wish.payment_flow === 'verify'
  const amounts = verify
    ? { payment_amount_minor: wish.amount_minor, fee_minor: 0n, deposit_minor: 0n }
    : planFee(wish.amount_minor, exponent, fee)
  const inServiceCurrency = (minor: bigint): bigint =>
    same ? minor : convertUp(minor, exponent, serviceExponent, rate)
  return {
    service,
    ...amounts,
    terms: { fee, reserve_rate: service.reserve_rate, reserve_lifetime_minutes: service.reserve_lifetime_minutes },
    exchange_rate: same ? null : rate,
    service_amount_minor: inServiceCurrency(wish.amount_minor),
    payment_service_amount_minor: inServiceCurrency(amounts.payment_amount_minor),
  }
}

/** The service's fee in the invoice's currency; fixed parts convert at the account's rate, rounded up (contract 18.1). */
async function feeTerms(
  ctx: Context,
  account: Account,
  service: AccountService,
  currency: string,
): Promise<FeeTerms | null> {
  const { fee_strategy: strategy, reverse_fee: reverse } = account.options
  const fixed = [service.fee_fix_minor, service.fee_min_minor, service.fee_max_minor]
  const nothingToConvert = service.fee_currency === currency || fixed.every((minor) => minor === 0n)
  if (!nothingToConvert) {
    const rate = await exchangeRate(ctx, account.id, service.fee_currency, currency)
    if (rate === null) return null
    const all = await currencies(ctx)
    const from = all.get(service.fee_currency)?.exponent ?? 2
    const to = all.get(currency)?.exponent ?? 2
    fixed.forEach((minor, i) => {
      fixed[i] = convertUp(minor, from, to, rate)
    })
  }
  const [fix_minor = 0n, min_minor = 0n, max_minor = 0n] = fixed
  return { strategy, reverse, rate: service.fee_rate, fix_minor, min_minor, max_minor }
}
