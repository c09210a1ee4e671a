/** One simulated cascade provider: its traders, payments, appeals, scripts, and every call it got. */
import {
  type CreatePaymentInput,
  type Decimal,
  type IdempotencyStore,
  type Method,
  memoryStore,
  type PaymentStatus,
} from '@cascad/provider-kit'
import { createDraw, type Draw } from '../terminals/random.ts'
import { type AmountSteps, readStep, type Step, stepOfAmount } from './step.ts'
import { createTraders, type Trader } from './trader.ts'

export type DeskSettings = {
  readonly api_key: string
  readonly methods: readonly Method[]
  readonly currencies: readonly string[]
  /** Major units, both ends allowed. */
  readonly amount_min: Decimal
  readonly amount_max: Decimal
  readonly traders: number
  readonly amount_steps: AmountSteps
}

export type TraderPayment = {
  readonly id: string
  readonly trader: string
  readonly asked: CreatePaymentInput
  readonly idempotency_key: string | null
  readonly step: Step
  readonly created_at_ms: number
  cancelled_at_ms: number | null
  /** Set by control; goes before whatever the step would make of it. */
  set_status: PaymentStatus | null
  /** What the payer sent, when that was told by control. */
  received: Decimal | null
}

export type TraderAppeal = {
  readonly id: string
  readonly payment_id: string
  readonly amount: Decimal
  readonly url: string
  /** What the platform decided. */
  state: 'open' | 'confirmed' | 'cancelled'
  /** What the trading desk says about it. */
  verdict: 'accept' | 'reject' | null
  reason: string | null
  /** Does the platform know the verdict? */
  told: Told
}

/** `waiting` = it is told again and again; `refused` = the platform does not take it, for good. `text` = the last try. */
export type Told = { readonly state: 'not_yet' | 'waiting' | 'told' | 'refused'; readonly text: string }

export type Match = { readonly method?: Method; readonly amount?: Decimal; readonly currency?: string }

/** Payments that match go by `steps`, one after the other, `repeat` times over; `null` = until it is forgotten. */
export type DeskScript = { readonly match: Match; readonly steps: readonly string[]; readonly repeat: number | null }

type RunningScript = DeskScript & { used: number }

export type DeskCall = {
  readonly at: string
  readonly request: string
  readonly idempotency_key: string | null
  /** HTTP status, or how the answer was withheld. */
  readonly status: number | 'hang' | 'reset'
  readonly answer: string
}

export type Desk = {
  readonly name: string
  readonly settings: DeskSettings
  traders: Trader[]
  draw: Draw
  store: IdempotencyStore
  readonly payments: Map<string, TraderPayment>
  last_payment_id: string | null
  readonly appeals: Map<string, TraderAppeal>
  readonly scripts: RunningScript[]
  readonly calls: DeskCall[]
}

const payments_max = 20_000
const calls_max = 1_000

export const ordinaryDesk: Omit<DeskSettings, 'api_key'> = {
  methods: ['card', 'sbp', 'account'],
  currencies: ['RUB', 'UAH', 'KZT', 'EUR', 'USD'],
  amount_min: '1',
  amount_max: '1000000',
  traders: 3,
  amount_steps: {},
}

export function createDesk(name: string, settings: DeskSettings, seed: number): Desk {
  const draw = createDraw(seed, name)
  return {
    name,
    settings,
    traders: createTraders(settings.traders, draw),
    draw,
    store: memoryStore(),
    payments: new Map(),
    last_payment_id: null,
    appeals: new Map(),
    scripts: [],
    calls: [],
  }
}

/** Forgets payments, appeals, scripts and calls. New ids go on where the old ones ended, unless a seed starts them anew. */
export function emptyDesk(desk: Desk, seed: number | null): void {
  if (seed !== null) {
    desk.draw = createDraw(seed, desk.name)
    desk.traders = createTraders(desk.settings.traders, desk.draw)
  }
  for (const trader of desk.traders) trader.active = true
  desk.store = memoryStore()
  desk.payments.clear()
  desk.last_payment_id = null
  desk.appeals.clear()
  desk.scripts.length = 0
  desk.calls.length = 0
}

export function keepPayment(desk: Desk, payment: TraderPayment): void {
  desk.payments.set(payment.id, payment)
  desk.last_payment_id = payment.id
  const oldest = desk.payments.size > payments_max ? desk.payments.keys().next().value : undefined
  if (oldest !== undefined) desk.payments.delete(oldest)
}

export function keepCall(desk: Desk, call: DeskCall): void {
  desk.calls.push(call)
  if (desk.calls.length > calls_max) desk.calls.shift()
}

/** The step of the first script that matches, else the one the amount asks for. A step of a script is used up. */
export function nextStep(desk: Desk, asked: CreatePaymentInput): Step {
  const script = desk.scripts.find(({ match }) => matches(match, asked))
  if (!script) return stepOfAmount(asked.amount, desk.settings.amount_steps)
  const step = readStep(script.steps[script.used % script.steps.length] ?? '') as Step
  script.used += 1
  if (script.repeat !== null && script.used >= script.repeat * script.steps.length) {
    desk.scripts.splice(desk.scripts.indexOf(script), 1)
  }
  return step
}

function matches(match: Match, asked: CreatePaymentInput): boolean {
  return (
    (match.method === undefined || match.method === asked.method) &&
    (match.amount === undefined || match.amount === asked.amount) &&
    (match.currency === undefined || match.currency === asked.currency)
  )
}
