import { parseAmount } from '@cascad/money'
import type { Context } from '../context.ts'
import type { Sql } from '../database/connect.ts'
import { forgetCurrencies } from './currencies.ts'
import { forgetServices } from './find-service.ts'
import type { ServiceFlow } from './service.ts'
import { starterCurrencies } from './starter/currencies.ts'
import { starterMethods, starterPayoutMethods } from './starter/methods.ts'
import { type StarterService, starterPaymentServices, starterPayoutServices } from './starter/services.ts'
import { type ServiceRow, selectCurrencies, upsertCurrencies, upsertMethods, upsertServices } from './table.ts'

/** Brings the currencies, methods and services that Cascad comes with into the directory; what else is there stays. Repeatable. */
export async function loadStarterDirectory(ctx: Context): Promise<void> {
  await loadStarterRows(ctx.sql)
  forgetCurrencies(ctx)
  forgetServices(ctx)
}

/** The same without the rest of a server; tells how many there are of each. */
export async function loadStarterRows(sql: Sql): Promise<{ currencies: number; methods: number; services: number }> {
  await upsertCurrencies(sql, starterCurrencies)
  const exponents = new Map((await selectCurrencies(sql)).map(({ code, exponent }) => [code, exponent]))
  const minor = (amount: string, currency: string): bigint => {
    const parsed = parseAmount(amount, exponents.get(currency)!)
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
  await upsertMethods(sql, 'payment', starterMethods)
  await upsertMethods(sql, 'payout', starterPayoutMethods)
  await upsertServices(sql, 'payment', starterPaymentServices.map(row))
  await upsertServices(sql, 'payout', starterPayoutServices.map(row))
  return {
    currencies: starterCurrencies.length,
    methods: starterMethods.length + starterPayoutMethods.length,
    services: starterPaymentServices.length + starterPayoutServices.length,
  }
}
