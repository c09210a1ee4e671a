/** What payers by transfer want, and how each desk treats them, drawn from the seed alone: the same seed, the same decisions. */
import { createDraw, type Draw, drawWeighted } from '../../apps/simulators/src/terminals/random.ts'

export const deskNames = ['volga', 'neva'] as const
export type DeskName = (typeof deskNames)[number]

export const transferServices = ['card_transfer_rub_invoice', 'sbp_rub_invoice', 'bank_transfer_rub_invoice'] as const

export type TransferAct =
  | 'pay'
  | 'claim'
  | 'other'
  | 'other_at_once'
  | 'cancel'
  | 'all_at_once'
  | 'run_out'
  | 'create_twice'
  | 'abandon'

/** Where and when money is sent: to what the page shows, to what it showed first, after the end, or never. */
export type Paying = 'shown' | 'first' | 'late' | 'never'

export type AppealPlan = {
  readonly by: 'payer' | 'merchant'
  readonly amount: 'same' | 'more' | 'less'
  readonly verdict: 'accept' | 'reject' | 'amount_differs' | 'none'
  /** To a no; `withdraw` comes beside the verdict. */
  readonly answer: 'contest' | 'accept_amount' | 'withdraw' | 'none'
  readonly decision: 'confirm' | 'cancel'
  /** The transfer turns up while the verdict is given. */
  readonly found: boolean
}

export type TransferPlan = {
  readonly index: number
  readonly service: (typeof transferServices)[number]
  /** In kopecks; no two payers have the same, so that a desk can tell them apart. */
  readonly amount_minor: number
  readonly act: TransferAct
  readonly paying: Paying
  readonly reloads: boolean
  readonly searches_again: boolean
  /** On the page of the bank, where no desk has requisites. */
  readonly bank: 'pay' | 'decline' | 'leave'
  readonly appeal: AppealPlan | null
  readonly refunds: boolean
}

export function isTransfer(seed: number, index: number, percent: number): boolean {
  return createDraw(seed, `transfer face ${index}`)(100) < percent
}

function pick<T>(draw: Draw, from: readonly T[]): T {
  return from[draw(from.length)] as T
}

const acts: Readonly<Record<TransferAct, number>> = {
  pay: 34,
  claim: 12,
  other: 12,
  other_at_once: 6,
  cancel: 8,
  all_at_once: 8,
  run_out: 10,
  create_twice: 4,
  abandon: 6,
}

export function drawTransfer(seed: number, index: number): TransferPlan {
  const draw = createDraw(seed, `transfer ${index}`)
  const act = drawWeighted<TransferAct>(acts, draw, 'pay')
  const late = { shown: 30, first: 10, late: 30, never: 30 }
  return {
    index,
    service: pick(draw, transferServices),
    amount_minor: (1 + draw(30)) * 10_000 + (index % 10_000),
    act,
    paying: drawWeighted<Paying>(
      act === 'pay' || act === 'create_twice' ? { shown: 85, late: 10, never: 5 } : late,
      draw,
      'shown',
    ),
    reloads: draw(3) === 0,
    searches_again: draw(3) > 0,
    bank: drawWeighted({ pay: 50, decline: 25, leave: 25 }, draw, 'pay'),
    appeal: draw(100) < 45 ? drawAppeal(draw) : null,
    refunds: draw(100) < 6,
  }
}

function drawAppeal(draw: Draw): AppealPlan {
  return {
    by: pick(draw, ['payer', 'merchant', 'merchant']),
    amount: pick(draw, ['same', 'same', 'more', 'less']),
    verdict: drawWeighted<AppealPlan['verdict']>(
      { accept: 45, reject: 20, amount_differs: 15, none: 20 },
      draw,
      'accept',
    ),
    answer: drawWeighted<AppealPlan['answer']>(
      { contest: 40, accept_amount: 25, withdraw: 15, none: 20 },
      draw,
      'contest',
    ),
    decision: pick(draw, ['confirm', 'cancel']),
    found: draw(4) === 0,
  }
}

/** Steps of a desk, as the simulators read them, with how often each comes. */
const quickSteps: Readonly<Record<string, number>> = {
  issue: 34,
  'issue_success:1': 14,
  'issue_success:3': 6,
  'issue_fail:2': 5,
  issue_late: 5,
  issue_never: 5,
  issue_cancel_success: 5,
  issue_flap: 4,
  issue_now_success: 2,
  'slow:400': 4,
  'refuse:NO_REQUISITES': 6,
  'refuse:INSUFFICIENT_BALANCE': 2,
  'refuse:AMOUNT_OUT_OF_RANGE': 2,
  'refuse_plain:422': 2,
  'throttle:1': 1,
  create_failed: 2,
  'e500:not_created': 2,
  'e500:created': 2,
  reset: 2,
  bad_json: 2,
  wrong_types: 2,
  'missing:bank': 1,
  'missing:id': 1,
  wrong_method: 1,
  duplicate_id: 2,
  number_id: 2,
  luhn_bad: 1,
  huge: 1,
  'get:404': 2,
  'get:500': 2,
  'get:garbage': 1,
  'get:unknown_status': 1,
  'cancel:409': 2,
  'cancel:500': 2,
  'appeal:no_id': 3,
  'appeal:409': 2,
  'appeal:400': 2,
  'appeal:500': 1,
  'close:404': 1,
  'close:500': 1,
  'timeout:not_created': 2,
  'timeout:created': 2,
  'late_answer:2': 2,
}

/** A question without an answer takes ten seconds: only in runs that may take long. */
const slowSteps: Readonly<Record<string, number>> = { ...quickSteps, 'get:timeout': 1 }

/** What this desk makes of the payer with this number, the first and the second time it is asked. */
export function drawDesk(seed: number, index: number, desk: DeskName, may_be_slow: boolean): readonly string[] {
  const draw = createDraw(seed, `desk ${desk} ${index}`)
  const steps = may_be_slow ? slowSteps : quickSteps
  return [drawWeighted(steps, draw, 'issue'), drawWeighted(steps, draw, 'issue')]
}
