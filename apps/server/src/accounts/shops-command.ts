/**
 * `npm run shops` keeps the shops of the Card API. A secret is shown once, when it is made; a rotated secret or key pair
 * holds at once, the one before no more.
 */
import type { Context } from '../context.ts'
import { runOrder, say } from '../database/run-command.ts'
import { checkTargetUrl } from '../http/target-guard.ts'
import { StartProblem } from '../start-problem.ts'
import { createShop } from './create-shop.ts'
import { findAccount } from './find-account.ts'
import { findShop } from './find-shop.ts'
import { listShops } from './list-shops.ts'
import { readShopSettings } from './read-shop-settings.ts'
import { rotateShopKeys, rotateShopSecret } from './rotate-shop.ts'
import { saveShop } from './save-shop.ts'
import type { Shop, ShopSettings } from './shop.ts'
import { publicKeyOf } from './shop-keys.ts'

const usage = `Use one of
  npm run shops -- list [<account_id>]
  npm run shops -- create <account_id> "<name>" [setting=value …]
  npm run shops -- settings <shop_id> [setting=value …]
  npm run shops -- enable|disable <shop_id>
  npm run shops -- rotate <shop_id> secret|key
  npm run shops -- key <shop_id>`

const acts = ['list', 'create', 'settings', 'enable', 'disable', 'rotate', 'key'] as const
type Act = (typeof acts)[number]

const name_max = 100

async function shopOf(ctx: Context, id: string): Promise<Shop> {
  const shop = /^[1-9]\d{0,9}$/.test(id) ? await findShop(ctx, Number(id)) : null
  if (!shop) throw new StartProblem(`There is no shop ${id}.`)
  return shop
}

/** The settings as typed; `before` are those of the shop as it is. */
function settingsOf(ctx: Context, given: readonly string[], before: { test_mode: boolean }): Partial<ShopSettings> {
  const { settings, mistake } = readShopSettings(given)
  if (settings === null) throw new StartProblem(`Nothing was changed: ${mistake}.`)
  const { notification_url: url, test_mode = before.test_mode } = settings
  const allow_private = ctx.config.allow_private_targets
  if (typeof url === 'string' && checkTargetUrl(url, { test_mode, allow_private }) !== 'ok')
    throw new StartProblem(`Nothing was changed: notifications are not sent to ${url}.`)
  return settings
}

function lineOf({ shop_id, account_id, name, active, settings }: Shop): string {
  const mode = settings.test_mode ? 'test' : 'live'
  return `${shop_id}  ${name} (${account_id}, ${mode}${active ? '' : ', disabled'})`
}

const secretLines = (shop_id: number, secret: string): string =>
  `Shop ${shop_id}, secret ${secret}\nThe secret is not shown again; npm run shops -- rotate ${shop_id} secret makes another.`

const keyLines = (shop: Pick<Shop, 'public_key'>): string =>
  `${publicKeyOf(shop, 'der')}\n\n${publicKeyOf(shop, 'pem')}`

async function create(ctx: Context, [account_id = '', name = '', ...given]: readonly string[]): Promise<void> {
  if (name.trim() === '' || name.includes('=')) throw new StartProblem(usage)
  if ([...name].length > name_max) throw new StartProblem(`A name has at most ${name_max} characters.`)
  const settings = settingsOf(ctx, given, { test_mode: false })
  if (!(await findAccount(ctx, account_id))) throw new StartProblem(`There is no account ${account_id}.`)
  const made = await createShop(ctx, account_id, { name, settings })
  if (!made) throw new Error('the drawn shop_id was taken')
  say(secretLines(made.shop.shop_id, made.secret))
}

async function change(ctx: Context, shop: Shop, given: readonly string[]): Promise<void> {
  if (given.length === 0) return say(JSON.stringify(shop.settings, null, 2))
  await saveShop(ctx, shop.shop_id, { settings: settingsOf(ctx, given, shop.settings) })
  say(`Shop ${shop.shop_id} has these settings; every process knows within a second.`)
}

async function rotate(ctx: Context, { shop_id }: Shop, what: string | undefined): Promise<void> {
  if (what === 'secret') {
    const secret = await rotateShopSecret(ctx, shop_id)
    if (secret !== null) say(`${secretLines(shop_id, secret)}\nThe secret before is refused within a second.`)
  } else if (what === 'key') {
    const public_key = await rotateShopKeys(ctx, shop_id)
    if (public_key !== null)
      say(`Notifications are signed with a new key within a second:\n${keyLines({ public_key })}`)
  } else throw new StartProblem(usage)
}

async function obey(ctx: Context, act: Act, args: readonly string[]): Promise<void> {
  if (act === 'create') return create(ctx, args)
  const [id, ...rest] = args
  if (act === 'list') {
    if (rest.length > 0) throw new StartProblem(usage)
    if (id !== undefined && !(await findAccount(ctx, id))) throw new StartProblem(`There is no account ${id}.`)
    for (const shop of await listShops(ctx, id)) say(lineOf(shop))
    return
  }
  if (id === undefined) throw new StartProblem(usage)
  const shop = await shopOf(ctx, id)
  if (act === 'settings') return change(ctx, shop, rest)
  if (rest.length > (act === 'rotate' ? 1 : 0)) throw new StartProblem(usage)
  if (act === 'rotate') return rotate(ctx, shop, rest[0])
  if (act === 'key') return say(keyLines(shop))
  await saveShop(ctx, shop.shop_id, { active: act === 'enable' })
  say(`Shop ${shop.shop_id} is ${act}d; every process knows within a second.`)
}

function readOrder([given, ...args]: readonly string[]): { readonly act: Act; readonly args: readonly string[] } {
  const act = acts.find((known) => known === given)
  if (act === undefined) throw new StartProblem(usage)
  return { act, args }
}

await runOrder(readOrder, async (ctx, { act, args }) => {
  await obey(ctx, act, args)
  return 0
})
