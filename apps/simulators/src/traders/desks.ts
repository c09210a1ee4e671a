/** All desks, their clock, and the hands on them: for the control page, its API, and tests in the same process. */
import type { PaymentStatus } from '@cascad/provider-kit'
import { methods, paymentStatuses } from '@cascad/provider-kit/events'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { ScriptError } from '../control/control.ts'
import { demoDesks } from './demo-desks.ts'
import {
  createDesk,
  type Desk,
  type DeskCall,
  type DeskScript,
  type DeskSettings,
  emptyDesk,
  ordinaryDesk,
  type TraderAppeal,
  type TraderPayment,
} from './desk.ts'
import { paymentStatus } from './payment-status.ts'
import { findPreset } from './presets.ts'
import { readStep } from './step.ts'
import type { Trader } from './trader.ts'
import type { VerdictPost } from './verdict-post.ts'

const decimal = Type.String({ pattern: '^\\d{1,15}(\\.\\d{1,18})?$' })
const oneOf = (words: readonly string[]) => Type.Enum([...words])
const schemas = {
  script: Type.Object(
    {
      match: Type.Optional(
        Type.Object(
          {
            method: Type.Optional(oneOf(methods)),
            amount: Type.Optional(decimal),
            currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$' })),
          },
          { additionalProperties: false },
        ),
      ),
      steps: Type.Array(Type.String(), { minItems: 1, maxItems: 100 }),
      repeat: Type.Optional(Type.Union([Type.Integer({ minimum: 1, maximum: 1_000_000 }), Type.Null()])),
    },
    { additionalProperties: false },
  ),
  payment: Type.Object(
    {
      status: Type.Optional(Type.Union([oneOf(paymentStatuses.filter((one) => one !== 'appeal')), Type.Null()])),
      received: Type.Optional(Type.Union([decimal, Type.Null()])),
    },
    { additionalProperties: false },
  ),
  verdict: Type.Object(
    { verdict: oneOf(['accept', 'reject']), reason: Type.Optional(Type.String({ maxLength: 500 })) },
    { additionalProperties: false },
  ),
  advance: Type.Object(
    { advance_s: Type.Integer({ minimum: 0, maximum: 31_536_000 }) },
    { additionalProperties: false },
  ),
  trader: Type.Object({ active: Type.Boolean() }, { additionalProperties: false }),
}

export type PaymentView = TraderPayment & { readonly status: PaymentStatus }
export type ScriptWish = Pick<DeskScript, 'steps'> & Partial<DeskScript>
export type PaymentWish = { readonly status?: PaymentStatus | null; readonly received?: string | null }
export type Verdict = { readonly verdict: 'accept' | 'reject'; readonly reason?: string }

/** Throws ScriptError for a desk, payment or trader that does not exist, and for every mistake in what is asked. */
export type Desks = {
  readonly names: () => readonly string[]
  readonly find: (name: string) => Desk | null
  readonly addDesk: (name: string, settings?: Partial<DeskSettings>) => void
  /** What a connection to this desk needs; `url` replaces the simulators' own, for a door. */
  readonly credentials: (name: string, url?: string) => { readonly endpoint_url: string; readonly api_key: string }
  /** The next matching payments follow these steps; `repeat` left out = once, `null` = until forgotten. */
  readonly script: (name: string, wish: ScriptWish) => void
  readonly forgetScripts: (name: string) => void
  /** In place of all scripts: what every next payment does, until it is forgotten. */
  readonly preset: (name: string, preset: string) => void
  /** Sets what became of a payment now; `received` = the payer sent another amount, which its appeal is judged by. */
  readonly setPayment: (name: string, id: string, wish: PaymentWish) => PaymentView
  /** Decides an appeal and begins to tell the platform. */
  readonly judge: (name: string, appeal_id: string, verdict: Verdict) => TraderAppeal
  /** Begins to tell the platform a verdict that the desk gave by itself. */
  readonly tell: (desk: Desk, appeal: TraderAppeal) => void
  readonly setTrader: (name: string, trader_id: string, wish: { readonly active: boolean }) => void
  readonly traders: (name: string) => readonly Trader[]
  readonly payments: (name: string) => readonly PaymentView[]
  readonly appeals: (name: string) => readonly TraderAppeal[]
  readonly calls: (name: string) => readonly DeskCall[]
  readonly now_ms: () => number
  /** Moves the clock of all desks. */
  readonly advance: (wish: { readonly advance_s: number }) => void
  /** Forgets everything but the desks and puts their clock right; with a seed all numbers start anew. */
  readonly reset: (seed?: number) => void
}

export type DesksOptions = {
  readonly seed: number
  readonly now: () => Date
  readonly url: () => string
  readonly post: Pick<VerdictPost, 'tell'>
}

/** The desks of the demo world are there from the start. */
export function createDesks({ seed, now, url, post }: DesksOptions): Desks {
  const desks = new Map<string, Desk>()
  let ahead_ms = 0
  const now_ms = () => now().getTime() + ahead_ms
  const deskOf = (name: string) => found(desks.get(name), `desk "${name}"`)
  const viewOf = (desk: Desk, payment: TraderPayment): PaymentView => ({
    ...payment,
    status: paymentStatus(payment, [...desk.appeals.values()], now_ms()),
  })
  const tell = (desk: Desk, appeal: TraderAppeal) => post.tell(desk, appeal, now_ms)
  const addDesk = (name: string, settings: Partial<DeskSettings> = {}) => {
    checkSteps('amount_steps', Object.values(settings.amount_steps ?? {}))
    const api_key = `sim_cascade_key_${name}`
    desks.set(name, createDesk(name, { api_key, ...ordinaryDesk, ...settings }, seed))
  }
  for (const [name, settings] of Object.entries(demoDesks)) addDesk(name, settings)
  return {
    names: () => [...desks.keys()],
    find: (name) => desks.get(name) ?? null,
    addDesk,
    credentials: (name, at) => ({
      endpoint_url: `${at ?? url()}/traders/${name}/cascade`,
      api_key: deskOf(name).settings.api_key,
    }),
    script: (name, wish) => addScript(deskOf(name), wish),
    forgetScripts: (name) => void deskOf(name).scripts.splice(0),
    preset(name, wanted) {
      const { steps } = found(findPreset(wanted), `preset "${wanted}"`)
      const { scripts } = deskOf(name)
      scripts.splice(0)
      if (steps.length > 0) scripts.push({ match: {}, steps, repeat: null, used: 0 })
    },
    setPayment(name, id, wish) {
      check('payment', wish)
      const desk = deskOf(name)
      const payment = found(desk.payments.get(id), `payment "${id}"`)
      if (wish.status !== undefined) payment.set_status = wish.status
      if (wish.received !== undefined) payment.received = wish.received
      return viewOf(desk, payment)
    },
    judge(name, appeal_id, verdict) {
      check('verdict', verdict)
      const desk = deskOf(name)
      const appeal = found(desk.appeals.get(appeal_id), `appeal "${appeal_id}"`)
      Object.assign(appeal, { verdict: verdict.verdict, reason: verdict.reason ?? null })
      tell(desk, appeal)
      return appeal
    },
    tell,
    setTrader(name, trader_id, wish) {
      check('trader', wish)
      const trader = deskOf(name).traders.find(({ id }) => id === trader_id)
      found(trader, `trader "${trader_id}"`).active = wish.active
    },
    traders: (name) => deskOf(name).traders,
    payments(name) {
      const desk = deskOf(name)
      return [...desk.payments.values()].map((payment) => viewOf(desk, payment))
    },
    appeals: (name) => [...deskOf(name).appeals.values()],
    calls: (name) => deskOf(name).calls,
    now_ms,
    advance(wish) {
      check('advance', wish)
      ahead_ms += wish.advance_s * 1_000
    },
    reset(new_seed) {
      ahead_ms = 0
      for (const desk of desks.values()) emptyDesk(desk, new_seed ?? null)
    },
  }
}

function addScript(desk: Desk, wish: ScriptWish): void {
  check('script', wish)
  checkSteps('steps', wish.steps)
  const { match = {}, steps, repeat = 1 } = wish
  desk.scripts.push({ match, steps, repeat, used: 0 })
}

function checkSteps(field: string, steps: readonly string[]): void {
  const unknown = steps.filter((step) => readStep(step) === null)
  if (unknown.length > 0) throw new ScriptError(unknown.map((step) => `${field}: there is no step "${step}"`))
}

function check(name: keyof typeof schemas, wish: unknown): void {
  const mistakes = [...Value.Errors(schemas[name], wish)].map(
    ({ instancePath, message }) => `${instancePath.slice(1) || name}: ${message}`,
  )
  if (mistakes.length > 0) throw new ScriptError([...new Set(mistakes)])
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new ScriptError([`There is no ${what}.`])
  return value
}
