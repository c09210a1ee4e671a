import type { Context } from '../context.ts'
import { exchangeRate } from './exchange-rate.ts'
import { isUsable, listServices } from './find-service.ts'
import type { AccountService } from './service.ts'

/**
 * What a payer may choose from for an invoice in `currency`: usable services of the mode in that currency, and those in other
 * currencies for which the account has a rate. Not narrowed by amount. Merchant API contract, 10.1.
 */
export async function offerServices(
  ctx: Context,
  account_id: string,
  test_mode: boolean,
  currency: string,
): Promise<AccountService[]> {
  const usable = (await listServices(ctx, account_id, test_mode)).filter(isUsable)
  const others = [...new Set(usable.map((service) => service.service_currency))]
  const rates = await Promise.all(others.map((other) => exchangeRate(ctx, account_id, currency, other)))
  const reachable = new Set(others.filter((_, index) => rates[index] !== null))
  return usable.filter((service) => reachable.has(service.service_currency))
}
