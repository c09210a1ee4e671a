/**
 * `npm run gateways`: makes gateways and keeps their credentials, settings and status. Credentials come from standard input and are
 * never shown.
 */
import type { Connector } from '@cascad/connector'
import { formatFixed } from '@cascad/money'
import type { Context } from '../context.ts'
import { type Act, say } from '../database/run-command.ts'
import { currencies, exponentOf } from '../directory/currencies.ts'
import { readNamedValues, wholeNumber } from '../http/read-named-values.ts'
import { brandNames } from '../payments/rules/card.ts'
import { addGateway, gateway_id_max } from '../routing/add-gateway.ts'
import { changeGateway } from '../routing/change-gateway.ts'
import { findGatewaySettings } from '../routing/find-gateway-settings.ts'
import type { Gateway } from '../routing/gateway.ts'
import { forgetRouting, readGateways } from '../routing/load-routing.ts'
import { credentialFields, readCredentials } from '../routing/read-credentials.ts'
import {
  gatewaySettingLines,
  readGatewaySettings,
  type SettingsScope,
  usualSettings,
} from '../routing/read-gateway-settings.ts'
import { replaceCredentials } from '../routing/replace-credentials.ts'
import { turnGateway } from '../routing/turn-gateway.ts'
import { StartProblem } from '../start-problem.ts'

export const gatewayUsage = `
  npm run gateways -- connectors
  npm run gateways -- add <connector> "<name>" test|live [gateway_id=…] [setting=value …]     credentials from standard input,
      as JSON or a line name=value each
  npm run gateways -- credentials <gateway_id>                       others from standard input, all of them
  npm run gateways -- settings <gateway_id> [setting=value …]        without settings: shows them; nothing after = takes a bound away
  npm run gateways -- show <gateway_id>
  npm run gateways -- enable|drain|disable <gateway_id>`

type Words = readonly string[]
type ActOnGateway = (ctx: Context, gateway: Gateway, words: Words) => Promise<void>

const soon = 'every process knows within a second'
const input_max = 100_000
/** What its provider and the operator agree on with the amounts and currencies of each method. */
const agreedWithProvider = ['methods', 'currencies', 'amount_min', 'amount_max']

const misused = (): StartProblem => new StartProblem(`Use one of${gatewayUsage}`)

const unchanged = (mistake: string): StartProblem => new StartProblem(`Nothing was changed: ${mistake}.`)

/** Gateways that give requisites have an owner, who keeps endpoint and key himself. */
const isProviders = (connector: Connector | undefined): boolean => connector?.requisites !== undefined

async function scopeOf(ctx: Context, connector: Connector): Promise<SettingsScope> {
  return { can: connector.can, currencies: await currencies(ctx), brands: brandNames }
}

function connectorOf(ctx: Context, { gateway_id, connector }: Gateway): Connector {
  const found = ctx.connectors.get(connector)
  if (!found) throw unchanged(`connector ${connector} of gateway ${gateway_id} is not installed`)
  return found
}

const connectors: Act = async (ctx, words) => {
  if (words.length > 0) throw misused()
  for (const connector of ctx.connectors.values()) {
    const { id, title, can } = connector
    const fields = credentialFields(connector).map(({ name, required }) => (required ? name : `[${name}]`))
    say(`${id}  ${title}`)
    say(`      methods: ${can.methods.join(' ')}`)
    say(`      operations: ${can.operations.join(' ')}`)
    say(`      credentials: ${fields.join(' ') || 'none'}`)
    if (isProviders(connector)) say('      its gateways are made by npm run providers -- add-connection')
  }
}

const add: Act = async (ctx, [id = '', name = '', mode = '', ...given]) => {
  if (id === '' || name === '' || /^[a-z_]+=/.test(name) || !['test', 'live'].includes(mode)) throw misused()
  const connector = ctx.connectors.get(id)
  if (!connector)
    throw unchanged(`there is no connector ${JSON.stringify(id)}; there are ${[...ctx.connectors.keys()].join(', ')}`)
  if (isProviders(connector))
    throw unchanged(`gateways of ${id} belong to providers: npm run providers -- add-connection makes them`)
  const isId = (word: string): boolean => word.startsWith('gateway_id=')
  const { values, mistake } = readNamedValues<{ gateway_id: number }>(
    { gateway_id: wholeNumber(1, gateway_id_max) },
    given.filter(isId),
  )
  if (values === null) throw unchanged(mistake)
  const scope = await scopeOf(ctx, connector)
  const words = [`name=${name}`, ...given.filter((word) => !isId(word))]
  const wish = readGatewaySettings(words, usualSettings(name), scope)
  if (wish.settings === null) throw unchanged(wish.mistake)
  const { settings } = wish
  const { gateway_id = null } = values
  if (gateway_id !== null && (await readGateways(ctx)).has(gateway_id))
    throw unchanged(`there is a gateway ${gateway_id}`)
  const credentials = await typedCredentials(connector)
  const order = { gateway_id, name, connector: id, test_mode: mode === 'test', credentials, settings }
  const made = await addGateway(ctx, order)
  if (typeof made === 'string') throw unchanged(made)
  say(`Gateway ${made}, ${name} (${mode}), by ${id}; ${soon}.`)
  if (connector.readEvent) say(`Its provider sends notifications to ${ctx.config.public_url}/provider-events/${made}`)
}

/** Never an argument: those are seen by everybody on the machine and stay in the shell's history. */
async function typedCredentials(connector: Connector): Promise<object> {
  const names = credentialFields(connector).map(({ name }) => name)
  if (process.stdin.isTTY) say(`Credentials (${names.join(', ')}), a line name=value each, then Ctrl-D:`)
  process.stdin.setEncoding('utf8')
  let text = ''
  for await (const piece of process.stdin) {
    text += piece
    if (text.length > input_max) throw unchanged(`credentials have at most ${input_max} characters`)
  }
  const { credentials, mistakes } = readCredentials(connector, text)
  if (credentials === null) throw new StartProblem(['Nothing was changed:', ...mistakes].join('\n  - '))
  return credentials
}

const replace: ActOnGateway = async (ctx, gateway) => {
  const { gateway_id } = gateway
  const connector = connectorOf(ctx, gateway)
  if (isProviders(connector))
    throw unchanged(`the provider of ${gateway_id} gives its endpoint and key in the dashboard`)
  const credentials = await typedCredentials(connector)
  await ctx.sql.begin((tx) => replaceCredentials(ctx, tx, gateway_id, () => credentials))
  forgetRouting(ctx)
  say(`${gateway_id} has these credentials; every call that begins a second from now uses them.`)
  if (connector.readEvent) say('So long after this its notifications must be signed by them too.')
  if (gateway.status === 'misconfigured') say('It had been set aside as set up wrongly and is active again.')
}

const settings: ActOnGateway = async (ctx, gateway, given) => {
  const { gateway_id } = gateway
  const connector = connectorOf(ctx, gateway)
  const scope = await scopeOf(ctx, connector)
  if (given.length === 0) for (const line of await settingLines(ctx, gateway_id, scope)) say(line)
  else {
    const agreed = given.find((word) => agreedWithProvider.includes(word.split('=')[0] ?? ''))
    if (isProviders(connector) && agreed !== undefined)
      throw unchanged(`${agreedWithProvider.join(', ')} of ${gateway_id} are set by npm run providers -- connection`)
    const mistake = await changeGateway(ctx, gateway_id, given, scope)
    if (mistake !== null) throw unchanged(mistake)
    say(`${gateway_id} has these settings; ${soon}.`)
  }
}

async function settingLines(ctx: Context, gateway_id: number, scope: SettingsScope): Promise<string[]> {
  const found = await findGatewaySettings(ctx, gateway_id)
  return found ? gatewaySettingLines(found, scope) : []
}

const show: ActOnGateway = async (ctx, gateway) => {
  const { gateway_id, name, connector: id, test_mode, status, misconfigured } = gateway
  say(`${gateway_id}  ${name} (${test_mode ? 'test' : 'live'}, ${status})`)
  const connector = ctx.connectors.get(id)
  say(`Connector: ${id}${connector ? `, ${connector.title}` : ''}`)
  say(`Credentials: ${misconfigured ?? 'as the connector wants them'}`)
  say(`Tariff: ${await tariffLine(ctx, gateway)}`)
  if (!connector) return
  if (connector.readEvent) say(`Notifications: ${ctx.config.public_url}/provider-events/${gateway_id}`)
  for (const line of await settingLines(ctx, gateway_id, await scopeOf(ctx, connector))) say(`  ${line}`)
}

async function tariffLine(ctx: Context, { tariff }: Gateway): Promise<string> {
  if (tariff === null) return 'not known'
  const { currency, rate_percent, fix_minor, min_minor, max_minor } = tariff
  const exponent = (await exponentOf(ctx, currency)) ?? 0
  const amount = (minor: bigint): string => `${formatFixed(minor, exponent)} ${currency}`
  return [
    `${rate_percent.replace(/\.?0+$/, '') || '0'} % + ${amount(fix_minor)}`,
    ...(min_minor === null ? [] : [`at least ${amount(min_minor)}`]),
    ...(max_minor === null ? [] : [`at most ${amount(max_minor)}`]),
  ].join(', ')
}

const turned = {
  active: 'takes payments',
  draining: 'drains: new payments pass it over, open ones and refunds go on',
  off: 'is off: new payments pass it over, open ones and refunds go on',
} as const

const turn =
  (status: keyof typeof turned): ActOnGateway =>
  async (ctx, { gateway_id }) => {
    if (!(await turnGateway(ctx, gateway_id, status))) throw unchanged(`gateway ${gateway_id} is archived and stays so`)
    say(`${gateway_id} ${turned[status]}; ${soon}.`)
    const wrong = status === 'active' && (await readGateways(ctx)).get(gateway_id)?.misconfigured
    if (wrong) say(`Payments pass it over all the same: ${wrong}.`)
  }

/** The gateway a word names. */
export async function gatewayOf(ctx: Context, id: string): Promise<Gateway> {
  const gateway = (await readGateways(ctx)).get(Number(id))
  if (!gateway) throw new StartProblem(`There is no gateway ${id}.`)
  return gateway
}

const onGateway =
  (act: ActOnGateway, words_max = 0): Act =>
  async (ctx, [id = '', ...words]) => {
    if (!/^[1-9]\d{0,8}$/.test(id) || words.length > words_max) throw misused()
    await act(ctx, await gatewayOf(ctx, id), words)
  }

export const gatewayActs: readonly (readonly [name: string, act: Act])[] = [
  ['connectors', connectors],
  ['add', add],
  ['credentials', onGateway(replace)],
  ['settings', onGateway(settings, Number.POSITIVE_INFINITY)],
  ['show', onGateway(show)],
  ['enable', onGateway(turn('active'))],
  ['drain', onGateway(turn('draining'))],
  ['disable', onGateway(turn('off'))],
]
