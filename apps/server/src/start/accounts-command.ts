/**
 * `npm run accounts` makes merchant accounts and keeps their settings, currencies, services, rates and keys. A secret is shown once, when
 * it is made; a rotated one holds at once, the one before no more.
 */
import type { Account } from '../accounts/account.ts'
import { changeAccount } from '../accounts/change-account.ts'
import { createAccount } from '../accounts/create-account.ts'
import { listCurrencyAccounts, openCurrencyAccounts } from '../accounts/currency-accounts.ts'
import { findAccount } from '../accounts/find-account.ts'
import type { ModeKeys } from '../accounts/keys.ts'
import { listAccounts } from '../accounts/list-accounts.ts'
import { accountSettingLines, readAccountSettings } from '../accounts/read-account-settings.ts'
import { regenerateApiKey, regenerateModeKeys } from '../accounts/regenerate-keys.ts'
import type { Context } from '../context.ts'
import { type Act, runActs, say } from '../database/run-command.ts'
import { currencies } from '../directory/currencies.ts'
import { StartProblem } from '../start-problem.ts'
import { changeService, serviceLines, serviceUsage, setRate } from './account-service-acts.ts'
import { checkSecretKey } from './check-secret-key.ts'

const usage = `Use one of
  npm run accounts -- list
  npm run accounts -- create "<name>" <base currency> [setting=value …]
  npm run accounts -- show <account>
  npm run accounts -- settings <account> [setting=value …]       without settings: shows them
  npm run accounts -- currencies <account> <currency> …          opens accounts in them, closes none
  npm run accounts -- enable|disable <account>
  npm run accounts -- rotate <account> api_key|test|live${serviceUsage}`

type Words = readonly string[]
type ActOnAccount = (ctx: Context, account: Account, words: Words) => Promise<void>

const soon = 'every process knows within a second'

const lineOf = ({ id, name, status, base_currency }: Account): string => `${id}  ${name} (${status}, ${base_currency})`

const keyLine = (mode: 'test' | 'live', { public_key, private_key }: ModeKeys): string =>
  `  ${mode}  public key ${public_key}  private key ${private_key}`

function changesOf(ctx: Context, given: Words) {
  const { changes, mistake } = readAccountSettings(given, { allow_private: ctx.config.allow_private_targets })
  if (changes === null) throw new StartProblem(`Nothing was changed: ${mistake}.`)
  return changes
}

async function checkCurrencies(ctx: Context, codes: Words): Promise<void> {
  const known = await currencies(ctx)
  const unknown = codes.find((code) => !known.has(code))
  if (unknown === undefined) return
  const remedy = known.size === 0 ? ' It is empty: npm run directory:starter fills it.' : ''
  throw new StartProblem(`Nothing was changed: the directory has no currency ${JSON.stringify(unknown)}.${remedy}`)
}

const list: Act = async (ctx, words) => {
  if (words.length > 0) throw new StartProblem(usage)
  const accounts = await listAccounts(ctx)
  for (const account of accounts) say(lineOf(account))
  if (accounts.length === 0) say('There is no account yet.')
}

const create: Act = async (ctx, [name = '', base_currency = '', ...given]) => {
  if (name === '' || /^[a-z_.]+=/.test(name) || base_currency === '' || base_currency.includes('='))
    throw new StartProblem(usage)
  const { return_urls = {}, ...settings } = changesOf(ctx, [`name=${name}`, ...given])
  await checkCurrencies(ctx, [base_currency])
  const urls = Object.fromEntries(Object.entries(return_urls).filter(([, url]) => url !== null))
  const { account, keys } = await createAccount(ctx, { ...settings, name, base_currency, return_urls: urls })
  say(`Account ${account.id}, ${account.name}, in ${base_currency}`)
  say(`  API key ${keys.api_key}`)
  say(keyLine('test', keys.test))
  say(keyLine('live', keys.live))
  say(`The API key and private keys are not shown again; npm run accounts -- rotate ${account.id} … makes others.`)
}

const show: ActOnAccount = async (ctx, account) => {
  say(lineOf(account))
  for (const line of accountSettingLines(account)) say(`  ${line}`)
  const opened = (await listCurrencyAccounts(ctx, account.id)).map(({ currency }) => currency)
  say(`Currencies: ${opened.join(' ') || 'none'}`)
  const services = await serviceLines(ctx, account)
  for (const line of services) say(line)
  if (services.length === 0) say('It has no services.')
}

const settings: ActOnAccount = async (ctx, account, given) => {
  if (given.length === 0) for (const line of accountSettingLines(account)) say(line)
  else {
    await changeAccount(ctx, account.id, changesOf(ctx, given))
    say(`${account.id} has these settings; ${soon}.`)
  }
}

const open: ActOnAccount = async (ctx, account, codes) => {
  if (codes.length === 0) throw new StartProblem(usage)
  await checkCurrencies(ctx, codes)
  await openCurrencyAccounts(ctx, account.id, [...new Set(codes)])
  const opened = await listCurrencyAccounts(ctx, account.id)
  say(`${account.id} has accounts in ${opened.map(({ currency }) => currency).join(' ')}; ${soon}.`)
}

const turn =
  (status: 'active' | 'inactive'): ActOnAccount =>
  async (ctx, account) => {
    await changeAccount(ctx, account.id, { status })
    say(`${account.id} is ${status}; ${soon}.`)
  }

const rotate: ActOnAccount = async (ctx, { id }, [what]) => {
  if (what === 'api_key') {
    say(`${id}\n  API key ${await regenerateApiKey(ctx, id)}`)
    say('It is not shown again; the one before is refused within a second.')
  } else if (what === 'test' || what === 'live') {
    say(`${id}\n${keyLine(what, await regenerateModeKeys(ctx, id, what === 'test'))}`)
    say(
      'The private key is not shown again; it signs callbacks, and the public key before is refused, within a second.',
    )
  } else throw new StartProblem(usage)
}

const service: ActOnAccount = async (ctx, account, [code, ...terms]) => {
  if (code === undefined) throw new StartProblem(usage)
  await changeService(ctx, account, code, terms)
}

const rate: ActOnAccount = async (ctx, account, words) => {
  if (words.length !== 3) throw new StartProblem(usage)
  await checkCurrencies(ctx, words.slice(0, 2))
  await setRate(ctx, account, words)
}

/** `words_max` after the account. */
const onAccount =
  (act: ActOnAccount, words_max: number): Act =>
  async (ctx, [id, ...words]) => {
    if (id === undefined || words.length > words_max) throw new StartProblem(usage)
    const account = await findAccount(ctx, id)
    if (!account) throw new StartProblem(`There is no account ${id}.`)
    await act(ctx, account, words)
  }

const acts: ReadonlyMap<string, Act> = new Map([
  ['list', list],
  ['create', create],
  ['show', onAccount(show, 0)],
  ['settings', onAccount(settings, Number.POSITIVE_INFINITY)],
  ['currencies', onAccount(open, Number.POSITIVE_INFINITY)],
  ['enable', onAccount(turn('active'), 0)],
  ['disable', onAccount(turn('inactive'), 0)],
  ['rotate', onAccount(rotate, 1)],
  ['service', onAccount(service, Number.POSITIVE_INFINITY)],
  ['rate', onAccount(rate, 3)],
])

await runActs(acts, usage, { first: checkSecretKey })
