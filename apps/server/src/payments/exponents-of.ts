import type { Context } from '../context.ts'
import { currencies } from '../directory/currencies.ts'
import type { Payment } from './payment.ts'
import type { Exponents } from './rules/settle.ts'

/** Decimals of the invoice's currency and of the one the payer pays in. */
export async function exponentsOf(
  ctx: Context,
  { currency, service_currency }: Pick<Payment, 'currency' | 'service_currency'>,
): Promise<Exponents> {
  const all = await currencies(ctx)
  const decimals = (code: string): number => all.get(code)?.exponent ?? 2
  return { currency: decimals(currency), service_currency: decimals(service_currency ?? currency) }
}
