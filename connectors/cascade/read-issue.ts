/** What every answer to CREATE_PAYMENT means. Source: Cascade API contract, section 4.1. */
import type { SendResult } from '@cascad/connector'
import type { IssueResult, RequisitesAction } from '@cascad/connector/requisites'
import { isDone, isRefused } from './call.ts'
import { idOf, readJson } from './read-json.ts'
import { readRefusal, refused, textOf } from './read-refusal.ts'
import { readRequisites } from './read-requisites.ts'

/** What was asked for, and what goes into the requisites beside the answer. */
export type Asked = Omit<RequisitesAction, 'kind' | 'bank' | 'owner' | 'number' | 'doubts'> & {
  readonly require_luhn: boolean
}

export function readIssue(result: SendResult, asked: Asked): IssueResult {
  if (result.type === 'not_sent') return { ...nothing, state: 'not_sent', outcome: result }
  if (result.type === 'unknown') {
    const { detail, late } = result
    return { ...unknown(detail, null), ...(late && { late: late.then((answer) => lateOrder(answer, asked)) }) }
  }
  const { status, body } = result
  if (isDone(status)) return readIssued(body, status, asked)
  if (isRefused(status)) return readRefusal(result)
  const orphan = idOf(readJson(body)?.id)
  if (status >= 300 && status < 400) {
    return { ...violation(`answered status ${status}`, orphan), misconfigured: true }
  }
  return unknown(`answered status ${status}`, orphan)
}

function readIssued(body: string, status: number, asked: Asked): IssueResult {
  const document = readJson(body)
  if (!document) return unknown(`unreadable answer with status ${status}`, null)
  if (document.status === 'failed') return refused('OTHER', null, textOf({ ...document }, ''))
  const id = idOf(document.id)
  // The word "success" is no money here: only GET_PAYMENT says that.
  if (document.status !== 'pending' && document.status !== 'success') return violation('unknown status', id)
  if (id === null) return violation('id is missing or malformed', null)
  const { require_luhn, ...terms } = asked
  const requisites = readRequisites(document, asked.method, require_luhn)
  if ('fault' in requisites) return violation(requisites.fault, id)
  return {
    ...nothing,
    state: 'issued',
    outcome: {
      type: 'action_required',
      provider_reference: id,
      action: { kind: 'requisites', ...terms, ...requisites },
    },
    health: 'healthy',
  }
}

const nothing = { reason: null, health: 'failure', skip: null, misconfigured: false, orphan: null } as const

function unknown(detail: string, orphan: string | null): IssueResult {
  return { ...nothing, state: 'unknown', outcome: { type: 'unknown', detail }, orphan }
}

/** The provider broke the contract: nothing of its answer reaches the payer. */
function violation(text: string, orphan: string | null): IssueResult {
  const signals = {
    resolution: 'provider_fatal_error',
    unified_code: null,
    network_code: null,
    advice_code: null,
    provider_code: 'contract_breach',
    provider_text: text,
  }
  return {
    ...nothing,
    state: 'violation',
    outcome: { type: 'declined', provider_reference: orphan, signals, class: 'gateway_rejected' },
    orphan,
  }
}

/** An order that came to light after its time: whatever its answer is worth, nobody will pay it. */
function lateOrder(result: SendResult, asked: Asked): string | null {
  const read = readIssue(result, asked)
  return read.outcome.type === 'action_required' ? read.outcome.provider_reference : read.orphan
}
