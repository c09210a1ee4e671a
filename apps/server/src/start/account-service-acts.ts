/** `npm run accounts`: which services an account has, on what terms, and its exchange rates. */
import { formatFixed } from '@cascad/money'
import type { Account } from '../accounts/account.ts'
import { listCurrencyAccounts } from '../accounts/currency-accounts.ts'
import type { Context } from '../context.ts'
import { say } from '../database/run-command.ts'
import { changeAccountService, type ServiceRefusal } from '../directory/change-account-service.ts'
import { getExponent } from '../directory/currencies.ts'
import { exchangeRate, saveExchangeRates } from '../directory/exchange-rate.ts'
import { listServices } from '../directory/find-service.ts'
import type { AccountService } from '../directory/service.ts'
import { StartProblem } from '../start-problem.ts'
import { readServiceTerms } from './read-service-terms.ts'

export const serviceUsage = `
  npm run accounts -- service <account> <service code> [on|off] [term=value …]
      gives the service, or changes one it has: fee_rate=2.9 (percent) fee_fix=0.30 fee_min=0.50 fee_max=20 (base currency, 0 = no
      bound) reserve_rate=10 (percent) reserve_lifetime_minutes=10080 enabled=true|false mode=test|live (left out: both)
  npm run accounts -- rate <account> <from> <to> <rate>          units of <to> for one of <from>; the opposite is worked out`

const refusals: Readonly<Record<ServiceRefusal, string>> = {
  unknown_service: 'the directory has no such payment service',
  not_given: 'the account does not have this service',
  fee_min_above_max: 'fee_min would be above fee_max',
  half_a_reserve: 'a reserve needs reserve_rate and reserve_lifetime_minutes, or neither',
}

/** Gives, changes or switches one service. Refused: nothing is changed in either mode. */
export async function changeService(ctx: Context, account: Account, code: string, words: readonly string[]) {
  const base = { code: account.base_currency, exponent: await getExponent(ctx, account.base_currency) }
  const { wish, mistake } = readServiceTerms(words, base)
  if (wish === null) throw new StartProblem(`Nothing was changed: ${mistake}.`)
  const refusal = await changeAccountService(ctx, account.id, { service: code, ...wish })
  if (refusal !== null) throw new StartProblem(`Nothing was changed: ${refusals[refusal]} (${code}).`)
  const changed = (await listServices(ctx, account.id)).filter(({ service }) => service === code)
  for (const service of changed) say(serviceLine(service, base.exponent))
  for (const line of await missing(ctx, account, changed)) say(line)
  say('Every process knows within a second.')
}

/** What invoices by a service still lack, and the command that mends it; `services` are the service in each mode it is given in. */
async function missing(
  ctx: Context,
  { id, base_currency }: Account,
  services: readonly AccountService[],
): Promise<string[]> {
  const currency = services[0]?.service_currency ?? base_currency
  const opened = (await listCurrencyAccounts(ctx, id)).some((one) => one.currency === currency)
  const fixed = services.some((one) => one.fee_fix_minor + one.fee_min_minor + one.fee_max_minor > 0n)
  const rated = !fixed || (await exchangeRate(ctx, id, base_currency, currency)) !== null
  return [
    ...(opened
      ? []
      : [`Invoices in ${currency} need an account in it: npm run accounts -- currencies ${id} ${currency}`]),
    ...(rated
      ? []
      : [
          `Its fees in ${base_currency} need a rate: npm run accounts -- rate ${id} ${base_currency} ${currency} <rate>`,
        ]),
  ]
}

/** One exchange rate of the account; both currencies are known to the directory. */
export async function setRate(ctx: Context, account: Account, [from = '', to = '', rate = '']: readonly string[]) {
  if (from === to) throw new StartProblem('Nothing was changed: a rate is between two currencies.')
  if (!/^\d{1,15}(\.\d{1,12})?$/.test(rate) || !/[1-9]/.test(rate))
    throw new StartProblem('Nothing was changed: the rate is a decimal above 0 with at most 12 decimals.')
  await saveExchangeRates(ctx, account.id, [{ from, to, rate }])
  say(`1 ${from} is ${rate} ${to} for ${account.id}; every process knows within a second.`)
}

/** The terms of every service, a line each. */
export async function serviceLines(ctx: Context, account: Account): Promise<string[]> {
  const exponent = await getExponent(ctx, account.base_currency)
  return (await listServices(ctx, account.id)).map((service) => serviceLine(service, exponent))
}

function serviceLine(service: AccountService, exponent: number): string {
  const { fee_rate, fee_fix_minor, fee_min_minor, fee_max_minor, fee_currency } = service
  const amount = (minor: bigint): string => `${formatFixed(minor, exponent)} ${fee_currency}`
  const fee = [
    `${fee_rate} % + ${amount(fee_fix_minor)}`,
    ...(fee_min_minor > 0n ? [`at least ${amount(fee_min_minor)}`] : []),
    ...(fee_max_minor > 0n ? [`at most ${amount(fee_max_minor)}`] : []),
  ].join(', ')
  const { reserve_rate, reserve_lifetime_minutes } = service
  const reserve =
    reserve_rate === null || reserve_rate === '0'
      ? ''
      : `, reserve ${reserve_rate} % for ${reserve_lifetime_minutes} minutes`
  return `${service.service} (${service.test_mode ? 'test' : 'live'}): ${stateOf(service)}; fee ${fee}${reserve}`
}

function stateOf({ active, enabled, available }: AccountService): string {
  if (!active) return 'off'
  if (!enabled) return 'not enabled'
  return available ? 'on' : 'on, but no gateway of the routing scheme can take it'
}
