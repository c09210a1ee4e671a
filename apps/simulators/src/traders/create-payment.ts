/** CREATE_PAYMENT at a desk: checks, a trader, and whatever the step makes of it. */
import {
  type CreatePaymentInput,
  type Ctx,
  type Decimal,
  fromMinor,
  type IssuedPayment,
  type Method,
  Refusal,
  toMinor,
} from '@cascad/provider-kit'
import { methods, numberField } from '@cascad/provider-kit/events'
import { type Desk, keepPayment, nextStep, type TraderPayment } from './desk.ts'
import { refusalCodeOf, type Step } from './step.ts'
import { digits, requisitesOf, type Trader, withWrongCheckDigit } from './trader.ts'
import { edit, type Spoil, say, type Turn } from './turn.ts'

const huge_bytes = 1_048_576
/** Thrown where the simulated provider breaks down before anything exists. */
const brokenDown = () => new Error('the simulated provider broke down')

export async function createPayment(desk: Desk, turn: Turn, asked: CreatePaymentInput, ctx: Ctx, now_ms: number) {
  checkAsked(desk, asked)
  const step = nextStep(desk, asked)
  const instead = withoutPayment(step)
  if (instead) {
    turn.spoil = instead.spoil
    throw instead.error
  }
  const free = desk.traders.filter(({ active }) => active)
  const trader = free[desk.draw(Math.max(free.length, 1))]
  if (!trader) throw new Refusal('NO_REQUISITES', 'no requisites at the moment')
  const previous_id = desk.last_payment_id
  const payment: TraderPayment = {
    id: step.name === 'number_id' ? `9${digits(14, desk.draw)}` : `trp_${digits(16, desk.draw)}`,
    trader: trader.id,
    asked,
    idempotency_key: ctx.idempotencyKey ?? null,
    step,
    created_at_ms: now_ms,
    cancelled_at_ms: null,
    set_status: null,
    received: step.name === 'issue_other' || step.name === 'issue_wrong' ? sentInstead(step, asked.amount) : null,
  }
  keepPayment(desk, payment)
  turn.spoil = spoilOf(step, asked.method, trader, previous_id ?? payment.id)
  return issued(payment, trader)
}

function checkAsked({ settings }: Desk, asked: CreatePaymentInput): void {
  if (!settings.methods.includes(asked.method)) throw new Refusal('METHOD_UNSUPPORTED', `no ${asked.method} here`)
  if (!settings.currencies.includes(asked.currency))
    throw new Refusal('CURRENCY_UNSUPPORTED', `no ${asked.currency} here`)
  const amount = toMinor(asked.amount, 18)
  if (amount < toMinor(settings.amount_min, 18) || amount > toMinor(settings.amount_max, 18)) {
    throw new Refusal('AMOUNT_OUT_OF_RANGE', `amounts from ${settings.amount_min} to ${settings.amount_max}`)
  }
}

/** Percent are of the amount, cut to two decimals. */
function sentInstead({ argument }: Step, amount: Decimal): Decimal {
  if (!argument.endsWith('%')) return argument
  return fromMinor((toMinor(amount, 18) * BigInt(argument.slice(0, -1))) / 10n ** 18n, 2)
}

function issued(payment: TraderPayment, trader: Trader): IssuedPayment {
  const { step, asked } = payment
  const requisites = requisitesOf(trader, asked.method)
  return {
    id: payment.id,
    status: step.name === 'issue_now_success' ? 'success' : 'pending',
    bank: trader.bank,
    owner: trader.owner,
    ...requisites,
    ...(step.name === 'luhn_bad' &&
      requisites.cardNumber && { cardNumber: withWrongCheckDigit(requisites.cardNumber) }),
  }
}

/** Steps after which no payment exists. */
function withoutPayment(step: Step): { readonly error: Error; readonly spoil: Spoil | null } | null {
  const created = step.argument === 'created'
  switch (step.name) {
    case 'refuse':
      return { error: new Refusal(refusalCodeOf(step), 'refused by the script'), spoil: null }
    case 'throttle':
      return { error: new Refusal('THROTTLED', 'too many requests', 429, Number(step.argument)), spoil: null }
    case 'refuse_plain':
      return { error: brokenDown(), spoil: say(Number(step.argument), 'No.', { 'content-type': 'text/plain' }) }
    case 'unauthorized':
      return {
        error: brokenDown(),
        spoil: say(401, '{"error":"unauthorized"}', { 'content-type': 'application/json' }),
      }
    case 'create_failed':
      return { error: brokenDown(), spoil: say(200, '{"status":"failed"}', { 'content-type': 'application/json' }) }
    case 'redirect':
      return { error: brokenDown(), spoil: say(302, '', { location: '/' }) }
    case 'reset':
      return { error: brokenDown(), spoil: { kind: 'reset' } }
    case 'e500':
      return created ? null : { error: brokenDown(), spoil: null }
    case 'timeout':
      return created ? null : { error: brokenDown(), spoil: { kind: 'hang' } }
    default:
      return null
  }
}

/** What goes wrong on the way although the payment exists. */
function spoilOf(step: Step, method: Method, trader: Trader, previous_id: string): Spoil | null {
  switch (step.name) {
    case 'e500':
      return say(500, '<h1>Internal Server Error</h1>')
    case 'timeout':
      return { kind: 'hang' }
    case 'late_answer':
      return { kind: 'delay', delay_ms: Number(step.argument) * 1_000 }
    case 'slow':
      return { kind: 'delay', delay_ms: Number(step.argument) }
    case 'bad_json':
      return { kind: 'rewrite', rewrite: (answer) => ({ ...answer, status: 200, body: answer.body.slice(0, -7) }) }
    case 'wrong_types':
      return edit((document) => ({ ...document, bank: 5, owner: [document.owner], [numberField[method]]: true }))
    case 'missing':
      return edit((document) => ({ ...document, [step.argument]: undefined }))
    case 'wrong_method': {
      const other = methods.find((one) => one !== method) as Method
      return edit((document) => ({ ...document, [numberField[method]]: undefined, ...requisitesOf(trader, other) }))
    }
    case 'duplicate_id':
      return edit((document) => ({ ...document, id: previous_id }))
    case 'number_id':
      return edit((document) => ({ ...document, id: Number(document.id) }))
    case 'huge':
      return edit((document) => ({ ...document, padding: 'x'.repeat(huge_bytes) }))
    default:
      return null
  }
}
