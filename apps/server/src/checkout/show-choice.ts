/** Before there is a payment: the ways to pay, and the fields of the one that was chosen. Merchant API contract 14.3. */
import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { currencies } from '../directory/currencies.ts'
import { findService } from '../directory/find-service.ts'
import { offerServices } from '../directory/offer-services.ts'
import { accountIcon } from '../directory/resource.ts'
import type { AccountService } from '../directory/service.ts'
import { Fields } from '../http/fields.ts'
import { messages } from '../http/messages.ts'
import { Problem } from '../http/problem.ts'
import { planPayment } from '../payments/plan-payment.ts'
import { amountText } from './amount-text.ts'
import { linkTo, type Place } from './link.ts'
import type { Entry } from './open-checkout.ts'
import type { Page, Summary } from './page.ts'
import { fieldsPage } from './pages/fields-page.ts'
import { type MethodItem, methodsPage } from './pages/methods-page.ts'
import type { PayerAnswer, PayerCall } from './payer-route.ts'
import { entryPairs } from './rules/entry-parameters.ts'

/** With fewer ways to pay a search is in the way. */
const filterFrom = 6

type Asked = { readonly amount_minor: bigint; readonly currency: string; readonly exponent: number }

export async function methodsOf(ctx: Context, call: PayerCall, entry: Entry): Promise<PayerAnswer> {
  const { look, words } = call
  const asked = await readAsked(ctx, entry)
  const items = await offeredItems(ctx, call, entry, asked)
  const pairs = entryPairs(entry.sent, ['service', 'service_fields'])
  const here: Place = { path: '/hpp/', pairs }
  const text = (key: string): string => {
    const value = call.query[key]
    return typeof value === 'string' ? value.trim().slice(0, 60) : ''
  }
  const main = methodsPage({
    words,
    items,
    search: text('q'),
    category: text('category'),
    with_filter: items.length >= filterFrom && !look.hidden.has('filter'),
    hidden: [...pairs, ...look.carried],
    start: linkTo({ path: '/hpp/', pairs: [] }, look),
    filter: '/hpp/',
    show_all: linkTo(here, look),
  })
  return {
    page: {
      ...frameOf(ctx, call, entry, asked, here),
      view: 'methods',
      title: words.methods.title,
      step: 'method',
      main,
    },
  }
}

export async function fieldsOf(
  ctx: Context,
  call: PayerCall,
  entry: Entry,
  wrong: Readonly<Record<string, string>>,
): Promise<PayerAnswer> {
  const { look, words } = call
  const service = await findService(ctx, entry.account.id, entry.service ?? '', entry.test_mode)
  if (!service) throw new Problem(404)
  const asked = await readAsked(ctx, entry)
  const problems = Object.fromEntries(
    Object.entries(wrong).map(([path, message]) => [
      path.slice('service_fields.'.length),
      message === messages.blank ? words.fields.blank : words.fields.invalid,
    ]),
  )
  const values = new Fields(entry.attributes).pairs('service_fields') ?? {}
  const title = service.method.name[look.locale]
  const main = fieldsPage({
    words,
    locale: look.locale,
    title,
    fields: service.fields,
    values,
    problems,
    hidden: [...entryPairs(entry.sent, ['service_fields']), ['asked', '1']],
    start: linkTo({ path: '/hpp/', pairs: [] }, look),
    back: {
      href: linkTo({ path: '/hpp/', pairs: entryPairs(entry.sent, ['service', 'service_fields']) }, look),
      text: words.result.other_method,
    },
  })
  const here: Place = { path: '/hpp/', pairs: entryPairs(entry.sent, ['service_fields']) }
  const status = Object.keys(problems).length > 0 ? 422 : 200
  return { page: { ...frameOf(ctx, call, entry, asked, here), view: 'fields', title, step: 'details', status, main } }
}

function frameOf(
  ctx: Context,
  call: PayerCall,
  entry: Entry,
  asked: Asked,
  here: Place,
): Pick<Page, 'account' | 'test_mode' | 'summary' | 'here'> {
  const fields = new Fields(entry.attributes)
  const summary: Summary = {
    amount: amountText(asked.amount_minor, asked.currency, asked.exponent, call.look.locale),
    other_amount: null,
    description: fields.text('description'),
    expires_at: fields.time('expires'),
  }
  const { name, icon } = entry.account
  const own = icon === null ? null : accountIcon(entry.account, ctx.config.public_url)
  return { account: { name, icon: own }, test_mode: entry.test_mode, summary, here }
}

/** Amount and currency, which are known to be right here. */
async function readAsked(ctx: Context, entry: Entry): Promise<Asked> {
  const fields = new Fields(entry.attributes)
  const currency = fields.text('currency', { trim: true })?.toUpperCase() ?? ''
  const exponent = (await currencies(ctx)).get(currency)?.exponent ?? 2
  return { amount_minor: fields.amount('amount', exponent) ?? 0n, currency, exponent }
}

/** The services that can take this amount, as the payer sees them. */
async function offeredItems(ctx: Context, call: PayerCall, entry: Entry, asked: Asked): Promise<MethodItem[]> {
  const { look } = call
  const offered = await offerServices(ctx, entry.account.id, entry.test_mode, asked.currency)
  const wanted = offered.filter(
    ({ method }) => (look.show_methods?.has(method.code) ?? true) && !look.hide_methods.has(method.code),
  )
  const items = await Promise.all(wanted.map((service) => itemOf(ctx, call, entry, asked, service)))
  return items
    .filter((item) => item !== null)
    .sort((a, b) => Number(b.category === 'payment_card') - Number(a.category === 'payment_card'))
}

async function itemOf(
  ctx: Context,
  call: PayerCall,
  entry: Entry,
  asked: Asked,
  service: AccountService,
): Promise<MethodItem | null> {
  const wish = {
    test_mode: entry.test_mode,
    payment_flow: 'charge',
    service: service.service,
    service_fields: {},
  } as const
  const { plan, problems } = await planPayment(ctx, entry.account, { ...wish, ...asked })
  if (problems?.amount || problems?.currency) return null
  const { look, words } = call
  const all = await currencies(ctx)
  const exchanged = service.service_currency !== asked.currency
  const exponent = all.get(service.service_currency)?.exponent ?? 2
  const converted =
    plan && amountText(plan.payment_service_amount_minor, service.service_currency, exponent, look.locale)
  const notes = [
    ...(exchanged ? [converted ?? service.service_currency] : []),
    ...(service.flow === 'invoice' ? [words.methods.by_details] : []),
  ]
  return {
    service: service.service,
    name: service.method.name[look.locale],
    words: `${service.method.code} ${service.method.name.en} ${words.methods.categories[service.method.category] ?? ''}`,
    category: service.method.category,
    icon: look.show_logo ? service.method.icon : null,
    note: notes.length > 0 ? notes.join(' · ') : null,
    free: isFree(entry.account, service),
  }
}

/** No fee on top of the amount for the payer; shown only if the shop wants it. */
function isFree({ options }: Account, service: AccountService): boolean {
  if (!options.show_zero_fee_badge) return false
  const payerPays = (options.fee_strategy === 'external') !== options.reverse_fee
  const none = /^0*(\.0*)?$/.test(service.fee_rate) && service.fee_fix_minor === 0n && service.fee_min_minor === 0n
  return !payerPays || none
}
