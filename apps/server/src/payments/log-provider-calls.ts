/** Calls of endpoints that give requisites go into their providers' log, with what was understood of the answer. */
import type { Outcome, Send, SendResult } from '@cascad/connector'
import type { IssueResult } from '@cascad/connector/requisites'
import { secretsIn } from '../cascades/endpoint.ts'
import { providerIdOfGateway } from '../cascades/provider-of-gateway.ts'
import { recordCall } from '../cascades/record-call.ts'
import { eventIn } from '../cascades/rules/event-in.ts'
import type { Context } from '../context.ts'
import type { Gateway } from '../routing/gateway.ts'

type Sent = { readonly at: Date; readonly ms: number; readonly request: string; readonly result: SendResult }

/** Runs a step of the connector; whatever it sends is logged with the reading of its result. The log never fails the step. */
export async function loggingCalls<Result>(
  ctx: Context,
  { gateway, attempt_id }: { readonly gateway: Gateway; readonly attempt_id: string },
  send: Send,
  step: (send: Send) => Promise<Result>,
  readingOf: (result: Result) => string,
): Promise<Result> {
  const all: Sent[] = []
  const result = await step(async (request) => {
    const [at, began] = [ctx.now(), performance.now()]
    const answer = await send(request)
    all.push({ at, ms: performance.now() - began, request: request.body ?? '', result: answer })
    return answer
  })
  log(ctx, gateway, attempt_id, all, readingOf(result)).catch((error: unknown) =>
    ctx.events.fault('provider call log', error),
  )
  return result
}

async function log(
  ctx: Context,
  { gateway_id, credentials }: Gateway,
  attempt_id: string,
  all: readonly Sent[],
  reading: string,
): Promise<void> {
  const provider_id = await providerIdOfGateway(ctx, gateway_id)
  if (provider_id === null) return
  for (const { at, ms, request, result } of all) {
    const answered = result.type === 'response'
    recordCall(ctx, {
      provider_id,
      gateway_id,
      attempt_id,
      event: eventIn(request),
      at,
      ms,
      http_status: answered ? result.status : null,
      request,
      answer: answered ? result.body : null,
      reading: answered ? reading : `${reading}: ${result.detail}`,
      secrets: secretsIn(credentials),
    })
  }
}

/** Such as `refused (NO_REQUISITES)`. */
export function issueReading({ state, reason, outcome }: IssueResult): string {
  const text = outcome.type === 'declined' ? outcome.signals.provider_text : null
  const why = [reason, text].filter((part) => part !== null && part !== undefined).join(': ')
  return why === '' ? state : `${state} (${why})`
}

/** The words of GET_PAYMENT and CANCEL_PAYMENT for what the connector made of the answer. */
export function outcomeReading(what: 'status' | 'void', { type }: Outcome): string {
  if (what === 'void') return type === 'pending' ? 'delivered' : type === 'declined' ? 'delivered, not cancelled' : type
  const words: Partial<Record<Outcome['type'], string>> = {
    approved: 'success',
    declined: 'failed',
    not_found: 'unknown payment',
  }
  return words[type] ?? type
}
