/** The ways to pay, and the fields of the one that was chosen; for a shop's link and for a payment alike. Contract 14.3. */
import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { amountText } from '../directory/amount-text.ts'
import { currencies } from '../directory/currencies.ts'
import { findService } from '../directory/find-service.ts'
import { offerServices } from '../directory/offer-services.ts'
import type { AccountService } from '../directory/service.ts'
import { messages } from '../http/messages.ts'
import { Problem } from '../http/problem.ts'
import type { Payment } from '../payments/payment.ts'
import { planPayment } from '../payments/plan-payment.ts'
import { linkTo } from './link.ts'
import type { Page, Summary } from './page.ts'
import { fieldsPage } from './pages/fields-page.ts'
import { type MethodItem, methodsPage } from './pages/methods-page.ts'
import type { PayerAnswer, PayerCall } from './payer-route.ts'
import type { Pair } from './rules/read-look.ts'

/** What is to be paid, and where the payer's choice goes. */
export type Choice = {
  readonly account: Account
  readonly test_mode: boolean
  readonly payment_flow: Payment['payment_flow']
  readonly amount_minor: bigint
  readonly currency: string
  readonly summary: Summary
  readonly path: '/hpp/' | '/hpp/methods'
  /** What every next request repeats, without service and fields. */
  readonly pairs: readonly Pair[]
}

/** With fewer ways to pay a search is in the way. */
const filterFrom = 6

export async function methodsOf(ctx: Context, call: PayerCall, choice: Choice): Promise<PayerAnswer> {
  const { look, words } = call
  const items = await offeredItems(ctx, call, choice)
  const { path, pairs } = choice
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
    pairs,
    look_pairs: look.carried,
    start: linkTo({ path, pairs: [] }, look),
    filter: path,
    show_all: linkTo({ path, pairs }, look),
  })
  const frame = frameOf(choice, pairs)
  return { page: { ...frame, view: 'methods', title: words.methods.title, step: 'method', main } }
}

export type GivenFields = {
  readonly service: string
  readonly values: Readonly<Record<string, string>>
  /** Messages of the contract by path. */
  readonly wrong: Readonly<Record<string, string>>
}

export async function fieldsOf(
  ctx: Context,
  call: PayerCall,
  choice: Choice,
  given: GivenFields,
): Promise<PayerAnswer> {
  const { look, words } = call
  const service = await findService(ctx, choice.account.id, given.service, choice.test_mode)
  if (!service) throw new Problem(404)
  const problems = Object.fromEntries(
    Object.entries(given.wrong).map(([path, message]) => [
      path.slice('service_fields.'.length),
      message === messages.blank ? words.fields.blank : words.fields.invalid,
    ]),
  )
  const { path } = choice
  const pairs: Pair[] = [...choice.pairs, ['service', given.service]]
  const title = service.method.name[look.locale]
  const main = fieldsPage({
    words,
    locale: look.locale,
    title,
    fields: service.fields,
    values: given.values,
    problems,
    hidden: [...pairs, ['asked', '1']],
    start: linkTo({ path, pairs: [] }, look),
    back: { href: linkTo({ path, pairs: choice.pairs }, look), text: words.result.other_method },
  })
  const status = Object.keys(problems).length > 0 ? 422 : 200
  return { page: { ...frameOf(choice, pairs), view: 'fields', title, step: 'details', status, main } }
}

function frameOf(choice: Choice, pairs: readonly Pair[]): Pick<Page, 'account' | 'test_mode' | 'summary' | 'here'> {
  const { account, test_mode, summary, path } = choice
  return { account, test_mode, summary, here: { path, pairs } }
}

/** Cards first, what fits no group last. */
function groupOf({ category }: MethodItem): number {
  return category === 'payment_card' ? 0 : category === 'alternative' ? 4 : 2
}

/** The services that can take this amount, as the payer sees them; in each group the shop's own currency first. */
async function offeredItems(ctx: Context, call: PayerCall, choice: Choice): Promise<MethodItem[]> {
  const { look } = call
  const offered = await offerServices(ctx, choice.account.id, choice.test_mode, choice.currency)
  const wanted = offered.filter(
    ({ method }) => (look.show_methods?.has(method.code) ?? true) && !look.hide_methods.has(method.code),
  )
  const items = await Promise.all(wanted.map((service) => itemOf(ctx, call, choice, service)))
  const order = (item: MethodItem): number => groupOf(item) + (item.exchanged ? 1 : 0)
  return items.filter((item) => item !== null).sort((a, b) => order(a) - order(b))
}

async function itemOf(
  ctx: Context,
  call: PayerCall,
  choice: Choice,
  service: AccountService,
): Promise<MethodItem | null> {
  const { test_mode, payment_flow, amount_minor, currency } = choice
  const wish = { test_mode, payment_flow, amount_minor, currency, service: service.service, service_fields: null }
  const { plan, problems } = await planPayment(ctx, choice.account, wish)
  if (problems?.amount || problems?.currency) return null
  const { look, words } = call
  const all = await currencies(ctx)
  const exchanged = service.service_currency !== currency
  const exponent = all.get(service.service_currency)?.exponent ?? 2
  const converted =
    plan && amountText(plan.payment_service_amount_minor, service.service_currency, exponent, look.locale)
  const costsMore = plan !== null && plan.payment_amount_minor !== amount_minor
  const notes = [
    ...(costsMore ? [`${words.methods.total} ${converted}`] : exchanged ? [converted ?? service.service_currency] : []),
    ...(service.flow === 'invoice' ? [words.methods.by_details] : []),
  ]
  return {
    service: service.service,
    name: service.method.name[look.locale],
    words: `${service.method.code} ${service.method.name.en} ${words.methods.categories[service.method.category] ?? ''}`,
    category: service.method.category,
    icon: look.show_logo ? service.method.icon : null,
    note: notes.length > 0 ? notes.join(' · ') : null,
    free: isFree(choice.account, service),
    exchanged,
  }
}

/** No fee on top of the amount for the payer; shown only if the shop wants it. */
function isFree({ options }: Account, service: AccountService): boolean {
  if (!options.show_zero_fee_badge) return false
  const payerPays = (options.fee_strategy === 'external') !== options.reverse_fee
  const none = /^0*(\.0*)?$/.test(service.fee_rate) && service.fee_fix_minor === 0n && service.fee_min_minor === 0n
  return !payerPays || none
}
