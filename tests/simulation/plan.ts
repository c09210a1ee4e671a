/** What every payer wants and how every provider treats it, drawn from the seed alone: the same seed, the same decisions. */
import { createDraw, type Draw, drawWeighted } from '../../apps/simulators/src/terminals/random.ts'
import type {
  Answer,
  FollowUp,
  LookupKind,
  NotificationKind,
  Script,
} from '../../apps/simulators/src/terminals/script.ts'

export const ways = ['sale', 'page', 'redirect', 'test_word'] as const
export type Way = (typeof ways)[number]

export type Act =
  | 'pay'
  | 'create_twice'
  | 'submit_twice'
  | 'two_tabs'
  | 'abandon'
  | 'cancel'
  | 'cancel_beside_submit'
  | 'expire_beside_submit'

export type RefundWish = 'none' | 'full' | 'partial' | 'in_parts' | 'at_once' | 'repeated'

export type CardWish = { readonly number: string; readonly month: string; readonly year: string }

export type PayerPlan = {
  readonly index: number
  /** Position among the demo merchants. */
  readonly merchant: number
  readonly test_mode: boolean
  readonly flow: 'charge' | 'verify'
  readonly way: Way
  readonly currency: string
  readonly service: string
  /** In minor units of the currency, two decimals. */
  readonly amount_minor: number
  readonly status_word: string
  readonly act: Act
  readonly card: CardWish
  /** For the second try, where the page offers one. */
  readonly second_card: CardWish
  /** What the payer does on the bank's or provider's page. */
  readonly challenge: 'confirm' | 'decline' | 'leave'
  /** The browser finds its way back to us. */
  readonly comes_back: boolean
  readonly refund: RefundWish
}

const approvedCard = { number: '5519283812030000', month: '12', year: '2031' }
const threeDsCard = { number: '5123817234060000', month: '12', year: '2031' }
const failingCard = '4302912837020000'
/** Expiry of the failing card → do not honor, malfunction, insufficient funds, expired, cvv, fraud, unknown reason. */
const failingExpiries = [
  ['11', '2047'],
  ['06', '2054'],
  ['05', '2029'],
  ['04', '2028'],
  ['03', '2027'],
  ['06', '2042'],
  ['05', '2053'],
] as const

function pick<T>(draw: Draw, from: readonly T[]): T {
  return from[draw(from.length)] as T
}

function drawCard(draw: Draw): CardWish {
  const kind = drawWeighted<'approved' | 'three_ds' | 'failing' | 'pending'>(
    { approved: 60, three_ds: 22, failing: 15, pending: 3 },
    draw,
    'approved',
  )
  if (kind === 'three_ds') return threeDsCard
  if (kind === 'pending') return { ...approvedCard, month: '07', year: '2077' }
  if (kind === 'approved') return approvedCard
  const [month, year] = pick(draw, failingExpiries)
  return { number: failingCard, month, year }
}

/** The payer with this number. */
export function drawPayer(seed: number, index: number): PayerPlan {
  const draw = createDraw(seed, `payer ${index}`)
  const merchant = draw(3)
  const test_mode = draw(100) < 88
  const way = drawWeighted<Way>({ sale: 45, page: 38, redirect: 12, test_word: test_mode ? 5 : 0 }, draw, 'sale')
  const flow = way !== 'test_word' && way !== 'redirect' && draw(100) < 6 ? 'verify' : 'charge'
  const [currency, service] = drawService(draw, merchant, way)
  return {
    index,
    merchant,
    test_mode,
    flow,
    way,
    currency,
    service,
    amount_minor: 500 + draw(50_000),
    status_word: pick(draw, ['success', 'success', 'success', 'fail', 'pending']),
    act: drawWeighted<Act>(
      {
        pay: 64,
        create_twice: 5,
        submit_twice: 8,
        two_tabs: 6,
        abandon: 6,
        cancel: 4,
        cancel_beside_submit: 4,
        expire_beside_submit: 3,
      },
      draw,
      'pay',
    ),
    card: drawCard(draw),
    second_card: drawCard(draw),
    challenge: drawWeighted({ confirm: 70, decline: 15, leave: 15 }, draw, 'confirm'),
    comes_back: draw(100) < 80,
    refund: drawWeighted<RefundWish>(
      { none: 60, full: 14, partial: 8, in_parts: 6, at_once: 8, repeated: 4 },
      draw,
      'none',
    ),
  }
}

function drawService(draw: Draw, merchant: number, way: Way): readonly [currency: string, service: string] {
  // The third merchant prices in hryvnia, and some of its payers pay in dollars.
  const currency = (['USD', 'EUR', 'UAH'] as const)[merchant] ?? 'USD'
  const foreign = merchant === 2 && draw(2) === 0
  if (way === 'redirect') return [currency, currency === 'EUR' ? 'paypal_eur_hpp' : 'paypal_usd_hpp']
  if (way === 'test_word') return [currency, `test_${currency.toLowerCase()}_test`]
  return [currency, foreign ? 'payment_card_usd_hpp' : `payment_card_${currency.toLowerCase()}_hpp`]
}

const quickAnswers: Partial<Record<Answer, number>> = {
  ordinary: 46,
  approve: 8,
  decline: 16,
  three_ds: 6,
  pending: 4,
  wrong_amount: 2,
  error_before: 3,
  error_after: 4,
  reset_before: 3,
  reset_after: 4,
  broken_json: 3,
  unauthorized: 1,
  throttled: 2,
}

/** What the acquirer promises in test mode: an order that was not there by then never comes. */
const settle_delay_ms = 3_000

const slowAnswers: Partial<Record<Answer, number>> = { timeout_before: 2, timeout_after: 4 }
const notificationWeights: Record<Exclude<NotificationKind, 'mixed'>, number> = {
  normal: 50,
  none: 10,
  late: 10,
  twice: 15,
  out_of_order: 15,
}
const lookupWeights: Record<LookupKind, number> = { normal: 86, timeout: 3, error: 7, not_found: 4 }
const refundWeights: Record<FollowUp, number> = {
  approve: 64,
  decline: 8,
  pending: 8,
  timeout_before: 2,
  timeout_after: 4,
  error_before: 7,
  error_after: 7,
}

/** How this provider treats the payer with this number. `recovered`: the trouble is over, questions are answered again. */
export function drawScript(seed: number, index: number, terminal: string, recovered: boolean): Partial<Script> {
  const draw = createDraw(seed, `${terminal} ${index}`)
  const slow = !terminal.startsWith('live_')
  const weights = { ...quickAnswers, ...(slow ? slowAnswers : {}) } as Record<string, number>
  const flaps = Math.floor(index / 40) % 9 === terminal.length % 9
  const answer = flaps && draw(3) === 0 ? 'down' : drawWeighted<Answer>(weights, draw, 'ordinary')
  const delayed = draw(100)
  const script: Partial<Script> = {
    answer,
    code: pick(draw, ['05', '91', '96', '92', '51', '41', '14', '57']),
    // One acquirer takes a little less than asked, another a little more.
    amount_delta: terminal.endsWith('first') ? -1 - draw(100) : terminal.endsWith('second') ? 1 + draw(100) : -1,
    // Before anything is taken: never so long that "not found" is believed meanwhile. Later answers are `timeout_after`.
    delay_ms: delayed < 86 ? draw(30) : delayed < 99 || !slow ? 200 + draw(1500) : settle_delay_ms - 800,
    pending_ms: draw(3) === 0 ? null : 200 + draw(4000),
    notifications: drawWeighted(notificationWeights, draw, 'normal'),
    notification_delay_ms: draw(4) === 0 ? draw(3000) : 0,
    lookups: drawWeighted<LookupKind>(lookupWeights, draw, 'normal'),
    refunds: drawWeighted<FollowUp>(refundWeights, draw, 'approve'),
    voids: drawWeighted<FollowUp>({ ...refundWeights, decline: 0, pending: 0 }, draw, 'approve'),
    captures: drawWeighted<FollowUp>(refundWeights, draw, 'approve'),
    cancels: drawWeighted<FollowUp>(refundWeights, draw, 'approve'),
  }
  // A look-up that denies a charge it has breaks what the acquirer promises; then at least its notification tells the truth.
  if (script.lookups === 'not_found') Object.assign(script, { notifications: 'twice', notification_delay_ms: 7000 })
  if (script.refunds === 'pending') script.pending_ms ??= 1000
  if (!recovered) return script
  return {
    ...script,
    answer: answer === 'down' ? 'ordinary' : answer,
    lookups: 'normal',
    refunds: 'approve',
    voids: 'approve',
    captures: 'approve',
    cancels: 'approve',
  }
}

export type Kill = { readonly role: 'api' | 'worker'; readonly at_payer: number; readonly delay_ms: number }

/** Which process dies while which payer is on the way. */
export function drawKills(seed: number, payments: number, count: number): Kill[] {
  const draw = createDraw(seed, 'kills')
  const kills = Array.from({ length: count }, (_, i) => ({
    role: i % 2 === 0 ? ('api' as const) : ('worker' as const),
    at_payer: draw(payments),
    delay_ms: draw(1500),
  }))
  return kills.sort((a, b) => a.at_payer - b.at_payer)
}
