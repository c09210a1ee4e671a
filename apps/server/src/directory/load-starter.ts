import { parseAmount } from '@cascad/money'
import type { Context } from '../context.ts'
import { currencies, forgetCurrencies } from './currencies.ts'
import { forgetServices } from './find-service.ts'
import type { ServiceFlow } from './service.ts'
import { starterCurrencies } from './starter/currencies.ts'
import { starterMethods, starterPayoutMethods } from './starter/methods.ts'
import { type StarterService, starterPaymentServices, starterPayoutServices } from './starter/services.ts'
import { type ServiceRow, upsertCurrencies, upsertMethods, upsertServices } from './table.ts'

/** Brings the currencies, methods and services that Cascad comes with into the directory; what else is there stays. Repeatable. */
export async function loadStarterDirectory(ctx: Context): Promise<void> {
  await upsertCurrencies(ctx.sql, starterCurrencies)
  forgetCurrencies(ctx)
  const known = await currencies(ctx)
  const minor = (amount: string, currency: string): bigint => {
    const parsed = parseAmount(amount, known.get(currency)!.exponent)
    if (typeof parsed === 'string') throw new Error(`Starter directory: ${amount} ${currency} is ${parsed}.`)
    return parsed
  }
  const row = (service: StarterService & { readonly flow?: ServiceFlow }): ServiceRow => ({
    code: service.code,
    method: service.method,
    flow: service.flow ?? null,
    currency: service.currency,
    fields: service.fields,
    amount_min_minor: minor(service.amount_min, service.currency),
    amount_max_minor: minor(service.amount_max, service.currency),
  })
  await upsertMethods(ctx.sql, 'payment', starterMethods)
  await upsertMethods(ctx.sql, 'payout', starterPayoutMethods)
  await upsertServices(ctx.sql, 'payment', starterPaymentServices.map(row))
  await upsertServices(ctx.sql, 'payout', starterPayoutServices.map(row))
  forgetServices(ctx)
}
