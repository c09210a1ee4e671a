/** `GET|POST /hpp/methods?cpi=…`: the payer of an existing payment chooses a way to pay, or another one after a failed try. */
import type { Context } from '../context.ts'
import { Fields } from '../http/fields.ts'
import { InvalidFields } from '../http/problem.ts'
import { chooseService, takesService } from '../payments/choose-service.ts'
import { linkTo, paymentPlace } from './link.ts'
import { type Checkout, loadCheckout, summaryOf } from './load-checkout.ts'
import type { PayerAnswer, PayerCall } from './payer-route.ts'
import { entryAttributes } from './rules/entry-parameters.ts'
import { type Choice, fieldsOf, methodsOf } from './show-choice.ts'

export async function chooseMethod(ctx: Context, call: PayerCall): Promise<PayerAnswer> {
  const { look } = call
  const sent = { ...call.query, ...call.form }
  const checkout = await loadCheckout(ctx, { query: sent }, look.locale)
  const { account, state } = checkout
  const { payment } = state
  const onward = { to: linkTo(paymentPlace(payment.id), look) }
  if (!takesService(account, state, ctx.now())) return onward
  const choice = choiceOf(checkout)
  const attributes = entryAttributes(sent)
  const service = typeof attributes.service === 'string' ? attributes.service.trim() : ''
  if (service === '') return methodsOf(ctx, call, choice)
  const values = new Fields(attributes).pairs('service_fields') ?? {}
  const asked = attributes.service_fields !== undefined || sent.asked === '1'
  // A link chooses nothing: it shows the fields, and only the form goes on.
  if (!call.posted) return fieldsOf(ctx, call, choice, { service, values, wrong: {} })
  try {
    await chooseService(ctx, account, state, service, values)
    return onward
  } catch (error) {
    const paths = error instanceof InvalidFields ? Object.keys(error.fields) : []
    if (!(error instanceof InvalidFields) || !paths.every((path) => path.startsWith('service_fields.'))) throw error
    if (asked) return fieldsOf(ctx, call, choice, { service, values, wrong: error.fields })
    return { to: linkTo({ path: choice.path, pairs: [...choice.pairs, ['service', service]] }, look) }
  }
}

function choiceOf({ account, state, money }: Checkout): Choice {
  const { payment } = state
  const { test_mode, payment_flow, amount_minor, currency } = payment
  const amount = money(payment.payment_amount_minor, currency)
  const summary = { ...summaryOf(payment, money), amount, other_amount: null }
  const common = { account, test_mode, payment_flow, amount_minor, currency, summary }
  return { ...common, path: '/hpp/methods', pairs: [['cpi', payment.id]] }
}
