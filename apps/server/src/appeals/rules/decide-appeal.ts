/** What an act makes of an appeal: the table of P2–P11. Silence never confirms, and never cancels what stands. Cascade API, 11.1. */
import { type Appeal, type AppealState, type CloseNote, isOpen, type Side } from '../appeal.ts'
import type { Act, ActRefusal } from './acts.ts'
import { after, nextAlarm, nextClose, nextCreate, reminder_ms, term_ms } from './clocks.ts'

export type AppealPatch = Partial<Omit<Appeal, 'account_id' | 'id' | 'version' | 'payment_id' | 'attempt_id'>>

export type AppealDecision =
  | {
      readonly result: 'changed'
      readonly patch: AppealPatch
      /** What the audit calls it. */
      readonly step: string
      readonly detail: string | null
      /** A person should know: `reminder` = whose turn it is, `alarm` = an operator. */
      readonly calls: 'reminder' | 'alarm' | null
    }
  | { readonly result: 'refused'; readonly why: ActRefusal }
  /** True already, or not due yet. */
  | { readonly result: 'nothing' }

export type Deed = { readonly act: Act; readonly side: Side; readonly by_name: string; readonly now: Date }

/** Exactly one of: the change, a refusal, nothing. */
export function decideAppeal(appeal: Appeal, deed: Deed): AppealDecision {
  const { act, side } = deed
  if (!mayAct(appeal, act, side)) return { result: 'refused', why: 'not_allowed' }
  if (isDelivery(act)) return ofDelivery(appeal, act, deed.now)
  if (act.type === 'message') return changed({}, 'message')
  if (!isOpen(appeal)) return act.type === 'tick' ? nothing : { result: 'refused', why: 'closed' }
  return ofOpen(appeal, deed)
}

const nothing: AppealDecision = { result: 'nothing' }

function changed(patch: AppealPatch, step: string, detail: string | null = null): AppealDecision {
  return { result: 'changed', patch, step, detail, calls: null }
}

/** Whoever opened it; a merchant may act for his payer, who has no other place than the page. */
export function isClaimant({ opened_side }: Pick<Appeal, 'opened_side'>, side: Side): boolean {
  return side === opened_side || (opened_side === 'payer' && side === 'merchant')
}

function mayAct(appeal: Appeal, { type }: Act, side: Side): boolean {
  if (type === 'accept') return side === 'provider' || side === 'operator'
  if (type === 'reject') return side === 'provider'
  if (type === 'contest' || type === 'withdraw' || type === 'accept_amount') return isClaimant(appeal, side)
  if (type === 'confirm') return side === 'operator' || (side === 'system' && appeal.state === 'accepted')
  if (type === 'cancel') return side === 'operator'
  if (type === 'message') return side !== 'system'
  return side === 'system'
}

type OpenAct = Exclude<Act, Delivery | { readonly type: 'message' }>

function ofOpen(appeal: Appeal, { act, by_name, now }: Deed): AppealDecision {
  const open = act as OpenAct
  switch (open.type) {
    case 'accept':
      return (
        reasonAgainst(appeal, 'submitted', now) ??
        changed({ ...noClocks, state: 'accepted', verdict_at: now, check_at: now }, 'accept')
      )
    case 'reject':
      return reasonAgainst(appeal, 'submitted', now) ?? rejected(appeal, open, now)
    case 'contest':
      return reasonAgainst(appeal, 'rejected', now) ?? changed(arbitration(now), 'contest')
    case 'accept_amount':
      if (appeal.rejection !== 'amount_differs') return { result: 'refused', why: 'wrong_state' }
      return reasonAgainst(appeal, 'rejected', now) ?? closed('cancelled', 'amount_accepted', by_name, now)
    case 'withdraw':
      return closed('cancelled', 'withdrawn', by_name, now)
    case 'resolve_by_success':
      return closed('cancelled', 'resolved_by_success', by_name, now)
    case 'confirm':
      return confirmed(appeal, by_name, now)
    case 'cancel':
      if (appeal.state !== 'arbitration') return { result: 'refused', why: 'wrong_state' }
      return closed('cancelled', 'decided', by_name, now)
    case 'tick':
      return ticked(appeal, by_name, now)
  }
}

/** An act belongs to its state, and within the term. */
function reasonAgainst(appeal: Appeal, state: AppealState, now: Date): AppealDecision | null {
  if (appeal.state !== state) return { result: 'refused', why: 'wrong_state' }
  if (appeal.deadline_at !== null && now >= appeal.deadline_at) return { result: 'refused', why: 'too_late' }
  return null
}

const noClocks = { deadline_at: null, remind_at: null } as const

function arbitration(now: Date): AppealPatch {
  return {
    state: 'arbitration',
    arbitration_at: now,
    deadline_at: after(now, term_ms),
    remind_at: after(now, reminder_ms),
    send: null,
    send_at: null,
  }
}

function rejected(appeal: Appeal, act: Extract<Act, { type: 'reject' }>, now: Date): AppealDecision {
  const { reason, text, amount_seen_minor } = act
  if (reason === 'other' && text.trim() === '') return { result: 'refused', why: 'text_missing' }
  if (reason === 'amount_differs') {
    if (amount_seen_minor === null) return { result: 'refused', why: 'amount_seen_missing' }
    const wrong =
      amount_seen_minor <= 0n ||
      amount_seen_minor === appeal.amount_minor ||
      amount_seen_minor > 10n * appeal.original_minor
    if (wrong) return { result: 'refused', why: 'amount_seen_wrong' }
  }
  const patch: AppealPatch = {
    state: 'rejected',
    rejection: reason,
    rejection_text: text,
    amount_seen_minor: reason === 'amount_differs' ? amount_seen_minor : null,
    verdict_at: now,
    deadline_at: after(now, term_ms),
    remind_at: null,
  }
  return changed(patch, 'reject', reason)
}

/** Against a provider's no, two operators have to say yes. */
function confirmed(appeal: Appeal, by_name: string, now: Date): AppealDecision {
  if (appeal.state === 'accepted') return closed('confirmed', 'accepted', by_name, now)
  if (appeal.state !== 'arbitration') return { result: 'refused', why: 'wrong_state' }
  const first = appeal.confirm_proposed_by
  if (appeal.rejection === null) return closed('confirmed', 'decided', by_name, now)
  if (first === null) return changed({ confirm_proposed_by: by_name }, 'propose_confirm')
  return first === by_name ? { result: 'refused', why: 'same_person' } : closed('confirmed', 'decided', by_name, now)
}

function closed(
  state: 'confirmed' | 'cancelled',
  close_note: CloseNote,
  decided_by: string,
  now: Date,
): AppealDecision {
  const patch: AppealPatch = {
    ...noClocks,
    state,
    close_note,
    decided_by,
    closed_at: now,
    check_at: null,
    send: state === 'confirmed' ? 'confirm' : 'cancel',
    send_at: now,
    send_tries: 0,
  }
  return changed(patch, state === 'confirmed' ? 'confirm' : 'cancel', close_note)
}

function ticked(appeal: Appeal, by_name: string, now: Date): AppealDecision {
  const { state, deadline_at, remind_at } = appeal
  const over = deadline_at !== null && now >= deadline_at
  if (state === 'submitted' && over)
    return { ...changed(arbitration(now), 'no_verdict'), calls: 'alarm' } as AppealDecision
  if (state === 'rejected' && over) return closed('cancelled', 'not_contested', by_name, now)
  if (remind_at === null || now < remind_at) return nothing
  if (state === 'submitted')
    return { result: 'changed', patch: { remind_at: null }, step: 'remind', detail: null, calls: 'reminder' }
  if (state !== 'arbitration') return nothing
  const detail = over ? 'overdue' : null
  return { result: 'changed', patch: { remind_at: nextAlarm(remind_at, now) }, step: 'alarm', detail, calls: 'alarm' }
}

type Delivery = Extract<
  Act,
  { type: 'acknowledge' | 'refuse_create' | 'miss_create' | 'deliver_close' | 'refuse_close' | 'miss_close' }
>

const deliveries: ReadonlySet<Act['type']> = new Set([
  'acknowledge',
  'refuse_create',
  'miss_create',
  'deliver_close',
  'refuse_close',
  'miss_close',
])

function isDelivery(act: Act): act is Delivery {
  return deliveries.has(act.type)
}

function ofDelivery(appeal: Appeal, act: Delivery, now: Date): AppealDecision {
  if (act.type === 'acknowledge') return acknowledged(appeal, act, now)
  if (act.type === 'refuse_create') return notCreated(appeal, act, now)
  if (act.type === 'miss_create') return notCreated(appeal, act, now)
  return ofClose(appeal, act, now)
}

/** An answer that comes after the end still tells the provider's id, which the close is addressed to. */
function acknowledged(
  appeal: Appeal,
  { reference, known_before }: Extract<Act, { type: 'acknowledge' }>,
  now: Date,
): AppealDecision {
  const appeal_reference = reference ?? appeal.appeal_reference
  if (appeal.state !== 'opened')
    return appeal_reference === appeal.appeal_reference ? nothing : changed({ appeal_reference }, 'late_acknowledge')
  const patch: AppealPatch = {
    state: 'submitted',
    appeal_reference,
    submitted_at: now,
    deadline_at: after(now, term_ms),
    remind_at: after(now, reminder_ms),
    send: null,
    send_at: null,
    send_tries: appeal.send_tries + 1,
  }
  return changed(patch, 'acknowledge', known_before ? 'known before' : null)
}

function notCreated(
  appeal: Appeal,
  act: Extract<Act, { type: 'refuse_create' | 'miss_create' }>,
  now: Date,
): AppealDecision {
  if (appeal.state !== 'opened') return nothing
  const send_tries = appeal.send_tries + 1
  if (act.type === 'refuse_create') {
    const patch = { ...arbitration(now), send_tries, refused_text: act.text }
    return { result: 'changed', patch, step: 'refuse_create', detail: `status ${act.status}`, calls: 'alarm' }
  }
  const send_at = nextCreate(send_tries, now)
  if (send_at !== null) return changed({ send_tries, send_at }, 'miss_create', act.detail)
  const patch = { ...arbitration(now), send_tries, create_undelivered: true }
  return { result: 'changed', patch, step: 'give_up_create', detail: act.detail, calls: 'alarm' }
}

function ofClose(appeal: Appeal, act: Delivery, now: Date): AppealDecision {
  const { closed_at } = appeal
  if (closed_at === null || appeal.send === null) return nothing
  const send_tries = appeal.send_tries + 1
  const told = { send: null, send_at: null, send_tries } as const
  if (act.type === 'deliver_close') return changed(told, 'deliver_close', act.closed_before ? 'closed before' : null)
  if (act.type === 'refuse_close') {
    const patch = { ...told, refused_text: act.text }
    return { result: 'changed', patch, step: 'refuse_close', detail: `status ${act.status}`, calls: 'alarm' }
  }
  const detail = act.type === 'miss_close' ? act.detail : null
  const send_at = nextClose(send_tries, closed_at, now)
  if (send_at !== null) return changed({ send_tries, send_at }, 'miss_close', detail)
  const patch = { ...told, close_undelivered: true }
  return { result: 'changed', patch, step: 'give_up_close', detail, calls: 'alarm' }
}
