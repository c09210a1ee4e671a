/** What the platform would understand of an answer, for people who try an endpoint. Source: Cascade API contract, section 4. */
import type { Outcome, SendResult } from '@cascad/connector'
import type { AppealResult, CloseAppealResult } from '@cascad/connector/requisites'
import type { Reading } from '@cascad/connector/trials'
import type { EventData, EventName } from '@cascad/provider-kit/events'
import { readAppeal, readClose } from './appeals.ts'
import { readIssue } from './read-issue.ts'
import { readStatus } from './status.ts'
import { readCancel } from './void.ts'

type Readers = { readonly [E in EventName]: (result: SendResult, data: EventData[E], require_luhn: boolean) => Reading }

export function readingOf<E extends EventName>(
  event: E,
  result: SendResult,
  data: EventData[E],
  require_luhn: boolean,
): Reading {
  return readers[event](result, data, require_luhn)
}

const nothing: Omit<Reading, 'result' | 'done'> = {
  reason: null,
  text: null,
  leads_to: null,
  health: null,
  misconfigured: false,
  reference: null,
}

const readers: Readers = {
  CREATE_PAYMENT: (result, { amount, method, currency, currencyRate }, require_luhn) => {
    // The times are the payer's and not looked at here.
    const times = { requested_at: '', expires_at: '' }
    const asked = { method, amount, currency, currency_rate: currencyRate, require_luhn, ...times }
    const { state, outcome, reason, health, misconfigured, orphan } = readIssue(result, asked)
    const isIssued = outcome.type === 'action_required'
    return {
      result: state,
      done: state === 'issued',
      reason,
      text: isIssued && outcome.action.doubts.length > 0 ? 'the card number has a wrong check digit' : textOf(outcome),
      leads_to: state,
      health,
      misconfigured,
      reference: isIssued ? outcome.provider_reference : orphan,
    }
  },
  GET_PAYMENT: (result, { id }) => {
    const outcome = readStatus(result, id)
    const health = outcome.type === 'unknown' || outcome.type === 'not_found' ? 'failure' : 'healthy'
    return { ...nothing, health, reference: id, ...statusOf(outcome) }
  },
  CANCEL_PAYMENT: (result, { id }) => {
    const outcome = readCancel(result, id)
    const text = textOf(outcome)
    if (outcome.type === 'pending') return { ...nothing, result: 'delivered', done: true, reference: id }
    const isDeclined = outcome.type === 'declined'
    return { ...nothing, result: isDeclined ? 'declined' : 'undelivered', done: false, text, reference: id }
  },
  CREATE_APPEAL: (result) => appealOf(readAppeal(result)),
  CANCEL_APPEAL: (result, { id }) => closeOf(readClose(result), id, 'cancelled'),
  CONFIRM_APPEAL: (result, { id }) => closeOf(readClose(result), id, 'confirmed'),
}

function statusOf(outcome: Outcome): Pick<Reading, 'result' | 'done' | 'text' | 'leads_to'> {
  switch (outcome.type) {
    case 'approved':
      return { result: 'success', done: true, text: null, leads_to: 'success' }
    case 'declined':
      return { result: 'failed', done: true, text: null, leads_to: 'failed' }
    case 'pending':
      return { result: outcome.appeal ? 'appeal' : 'pending', done: true, text: null, leads_to: null }
    case 'not_found':
      return { result: 'poll_error', done: false, text: 'the provider does not know the payment', leads_to: null }
    default:
      return { result: 'poll_error', done: false, text: textOf(outcome), leads_to: null }
  }
}

function appealOf(appeal: AppealResult): Reading {
  switch (appeal.type) {
    case 'acknowledged': {
      const text = appeal.known_before ? 'the provider knew this appeal before' : null
      const { reference } = appeal
      return { ...nothing, result: 'acknowledged', done: true, text, leads_to: 'submitted', reference }
    }
    case 'refused':
      return { ...nothing, result: 'refused', done: false, text: appeal.text, leads_to: 'arbitration' }
    case 'undelivered':
      return { ...nothing, result: 'undelivered', done: false, text: appeal.detail }
  }
}

/** What becomes of an appeal is the platform's decision, whatever the answer is. */
function closeOf(close: CloseAppealResult, reference: string, leads_to: string): Reading {
  const known = { ...nothing, reference, leads_to }
  switch (close.type) {
    case 'delivered': {
      const text = close.closed_before ? 'the provider had closed it before, or does not know it' : null
      return { ...known, result: 'delivered', done: true, text }
    }
    case 'refused':
      return { ...known, result: 'refused', done: false, text: close.text }
    case 'undelivered':
      return { ...known, result: 'undelivered', done: false, text: close.detail }
  }
}

type Told = {
  readonly type: string
  readonly detail?: string
  readonly signals?: { readonly provider_text: string | null }
}

function textOf(outcome: Told): string | null {
  return outcome.detail ?? outcome.signals?.provider_text ?? null
}
