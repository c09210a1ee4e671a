/** What a gateway costs, from now on; tariffs of before stay for the records. Cascading rules, section 3.4. */
import { parseAmount } from '@cascad/money'
import type { Context } from '../context.ts'
import { forgetRouting, readGateways } from './load-routing.ts'
import type { Tariff } from './rules/strategies/cost.ts'
import { upsertTariff } from './table.ts'

const terms = ['rate', 'fix', 'min', 'max']

/**
 * `given`: `rate` in percent, `fix`, `min` and `max` in major units of the currency, all decimal text; left out = 0, no minimum, no
 * maximum. Returns what is wrong, `null` when the tariff was saved.
 */
export async function saveTariff(
  ctx: Context,
  gateway_id: number,
  { currency, exponent }: { readonly currency: string; readonly exponent: number },
  given: ReadonlyMap<string, string>,
): Promise<string | null> {
  if (!(await readGateways(ctx)).has(gateway_id)) return `there is no gateway ${gateway_id}`
  const unknown = [...given.keys()].find((term) => !terms.includes(term))
  if (unknown !== undefined) return `${unknown} is not one of ${terms.join(', ')}`
  const rate_percent = given.get('rate') ?? '0'
  if (!/^\d{1,2}(\.\d{1,6})?$/.test(rate_percent)) return 'rate is a percentage below 100 with at most 6 decimals'
  const amounts: (bigint | null)[] = []
  for (const term of ['fix', 'min', 'max']) {
    const text = given.get(term)
    const minor = text === undefined ? null : parseAmount(text, exponent)
    if (typeof minor === 'string' || (minor !== null && minor < 0n))
      return `${term} is an amount with at most ${exponent} decimals`
    amounts.push(minor)
  }
  const [fix_minor, min_minor, max_minor] = amounts as [bigint | null, bigint | null, bigint | null]
  if (min_minor !== null && max_minor !== null && max_minor < min_minor) return 'max is less than min'
  const tariff: Tariff = { currency, rate_percent, fix_minor: fix_minor ?? 0n, min_minor, max_minor }
  await upsertTariff(ctx.sql, gateway_id, tariff, ctx.now())
  forgetRouting(ctx)
  return null
}
