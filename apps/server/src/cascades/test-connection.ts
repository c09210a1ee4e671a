import type { RequisiteMethod } from '@cascad/connector/requisites'
import type { Context } from '../context.ts'
import type { Transaction } from '../database/connect.ts'
import { forgetRouting } from '../routing/load-routing.ts'
import { replaceCredentials } from '../routing/replace-credentials.ts'
import { callEndpoint, type EndpointCall, type Trial, trialOf, type Which, wordsOf } from './call-endpoint.ts'
import { notePassed, takePending } from './connection-settings-table.ts'
import { credentialsWith } from './endpoint.ts'
import type { OwnConnection } from './read-connection.ts'
import { type TrialWish, trialTerms } from './trial-terms.ts'

export type Verdict = {
  readonly which: Which
  readonly passed: boolean
  /** What waited is in use from now on. */
  readonly activated: boolean
}
type Beside = (tx: Transaction, verdict: Verdict) => Promise<void>

export type TestResult =
  | (Verdict & {
      readonly type: 'tested'
      /** What came of it, for people. */
      readonly text: string
      readonly calls: readonly EndpointCall[]
    })
  | { readonly type: 'invalid'; readonly fields: Readonly<Record<string, string>> }
  /** There is no endpoint with a key, or nothing waits. */
  | { readonly type: 'nothing_to_test' }

/**
 * Tries an endpoint with a payment that nobody pays: requisites are asked for and given up again. Nothing is held, nothing counted.
 * When both are answered as they must be, an endpoint that waited comes into use, and a connection that was misconfigured is asked
 * for requisites again. Left out, `which` is what waits, else what is in use. `beside` is written in the commit of what changes.
 * Cascade API, sections 1.1, 4.1 and 16.
 */
export async function testConnection(
  ctx: Context,
  own: OwnConnection,
  wish: TrialWish & { readonly which?: Which },
  by: string,
  beside?: Beside,
): Promise<TestResult> {
  const began_at = ctx.now()
  const trial = trialOf(ctx, own, wish.which ?? (own.row.pending_encrypted === null ? 'current' : 'pending'))
  if (!trial) return { type: 'nothing_to_test' }
  const terms = await trialTerms(ctx, own, wish)
  if ('fields' in terms) return { type: 'invalid', fields: terms.fields }
  const tried = await issueAndCancel(ctx, trial, terms)
  if (tried.type === 'invalid') return tried
  const { which } = trial
  const calls = tried.calls
  const wrong = calls.find(({ reading }) => !reading.done)
  if (wrong) {
    const verdict = { which, passed: false, activated: false }
    if (beside) await ctx.sql.begin((tx) => beside(tx, verdict))
    return { type: 'tested', ...verdict, text: `${wrong.event}: ${wordsOf(wrong.reading)}`, calls }
  }
  const result = await settle(ctx, trial, { began_at, by, beside })
  return { type: 'tested', which, passed: result.passed, activated: result.activated, text: result.text, calls }
}

type Terms = {
  readonly method: RequisiteMethod
  readonly amount: string
  readonly currency: string
  readonly currency_rate: string
}

async function issueAndCancel(ctx: Context, trial: Trial, terms: Terms) {
  const { trials, credentials } = trial
  const issued = await callEndpoint(ctx, trial, trials.issue(terms, credentials))
  if (issued.type === 'invalid') return issued
  const { reference } = issued.call.reading
  // Also an order that came to light with an answer nobody can use.
  const cancelled = reference === null ? null : await callEndpoint(ctx, trial, trials.cancel(reference))
  const calls = cancelled?.type === 'tried' ? [issued.call, cancelled.call] : [issued.call]
  return { type: 'tried' as const, calls }
}

type Settling = { readonly began_at: Date; readonly by: string; readonly beside: Beside | undefined }

async function settle(ctx: Context, { own, which, endpoint }: Trial, { began_at, by, beside }: Settling) {
  const { gateway, row } = own
  const { gateway_id } = gateway
  const now = ctx.now()
  if (which === 'current') {
    await ctx.sql.begin(async (tx) => {
      await notePassed(tx, gateway_id, { began_at, now })
      // Set aside by the engine as a whole: the same credentials have just proved right.
      if (gateway.status === 'misconfigured') await replaceCredentials(ctx, tx, gateway_id, (same) => same ?? {})
      await beside?.(tx, { which, passed: true, activated: false })
    })
    forgetRouting(ctx)
    return { passed: true, activated: false, text: 'The endpoint that is in use answers as it must.' }
  }
  const activated = await ctx.sql.begin(async (tx) => {
    const isTaken = await takePending(tx, gateway_id, row.pending_encrypted ?? new Uint8Array(), { by, now })
    if (isTaken) await replaceCredentials(ctx, tx, gateway_id, (before) => credentialsWith(before, endpoint))
    await beside?.(tx, { which, passed: isTaken, activated: isTaken })
    return isTaken
  })
  forgetRouting(ctx)
  if (activated) return { passed: true, activated, text: 'The endpoint answers as it must and is in use from now on.' }
  return { passed: false, activated, text: 'Other settings were saved meanwhile: test again.' }
}
