/**
 * A payment or an authorization comes in: stored before any gateway is called, run by the engine of payments, answered with
 * what is known in time. Card API contract 4, 12 to 14.
 */
import type { Context } from '../context.ts'
import { lookBeforeStoring, type SeenCard } from '../payments/card-watch.ts'
import { loadState } from '../payments/find-payment.ts'
import { openLive } from '../payments/live-cascade.ts'
import type { Payment } from '../payments/payment.ts'
import { maskCard } from '../payments/rules/card.ts'
import { runCascade } from '../payments/run-cascade.ts'
import { joinRun, startRun } from '../payments/running.ts'
import { storePayment } from '../payments/store-payment.ts'
import { answerTransaction } from './answer-transaction.ts'
import { type Built, buildTransaction } from './build-transaction.ts'
import { CardProblem } from './card-problem.ts'
import { duplicateLikeness } from './likeness.ts'
import { type LoadedChain, loadChain } from './load-chain.ts'
import { newNotification } from './notify.ts'
import { readParentRequest } from './read-parent-request.ts'
import { doOnce } from './replay.ts'
import { answerWithin_ms, requestClaim } from './request-id.ts'
import { knowWhile } from './running-transactions.ts'
import type { ShopCall, ShopReply } from './shop-route.ts'
import { insertTransaction, isUnclaimed, type RequestClaim } from './table.ts'
import type { ParentType } from './transaction.ts'
import { insertVaultCard } from './vault.ts'

/** Times the chain is read again because somebody else joined it. */
const joins_max = 10

export async function placeTransaction(ctx: Context, call: ShopCall, type: ParentType): Promise<ShopReply> {
  const began_ms = performance.now()
  const claim = requestClaim(call)
  return doOnce(ctx, call, claim, async () => {
    const wish = readParentRequest(call.body, call.shop, ctx.now())
    const stored = await store(ctx, call, await buildTransaction(ctx, call, type, wish), claim)
    if (stored === null) throw new CardProblem(422, 'F.0108', { base: ['Duplicate transaction'] })
    const { payment, transaction } = stored.built
    if (payment.status === 'process_failed') return answerTransaction(ctx, call, transaction, { payment, attempts: [] })
    const wait_ms = Math.max(0, answerWithin_ms - (performance.now() - began_ms))
    const state = await joinRun(run(ctx, call, stored), wait_ms)
    return answerTransaction(ctx, call, transaction, state ?? (await loadState(ctx, call.account.id, payment.id)))
  })
}

/** A stored transaction, and its card as it was before. */
type Stored = { readonly built: Built; readonly seen: SeenCard | null }

/** Stores it with its place in a chain. `null`: the request is a repetition, by its RequestID or by its amount and card. */
async function store(ctx: Context, call: ShopCall, built: Built, claim: RequestClaim | null): Promise<Stored | null> {
  const fingerprint = ctx.secrets.cardFingerprint(built.card.number)
  for (let joins = 0; joins < joins_max; joins += 1) {
    const joined = await join(ctx, built)
    const { payment, transaction, vault } = joined.built
    const parts = [
      ...insertTransaction(ctx.sql, transaction, {
        request: claim,
        duplicate: {
          likeness: duplicateLikeness({
            ...transaction,
            amount_minor: payment.amount_minor,
            currency: payment.currency,
          }),
          check: built.wish.duplicate_check,
        },
        ...(joined.loaded ? { chain: joined.loaded } : {}),
      }),
      ...(vault ? [insertVaultCard(ctx, vault, ctx.sql`moved`)] : []),
      ...(payment.status === 'process_failed'
        ? await newNotification(ctx, call.account, transaction, { payment, attempts: [] }, null)
        : []),
    ]
    try {
      const look = lookBeforeStoring(ctx, payment, { fingerprint, test_key: built.drive.test_key })
      const written = await storePayment(ctx, payment, parts, look)
      const { version } = payment
      return { built: joined.built, seen: written && { fingerprint, version, column: written.seen } }
    } catch (error) {
      if (!isUnclaimed(error)) throw error
      if (!joined.loaded) return null
      // Somebody else may have joined the chain meanwhile; if not, the claim that failed was another.
      const now = await loadChain(ctx, transaction, payment.amount_minor, built.drive.excluded)
      if (now.newest === joined.loaded.newest) return null
    }
  }
  throw new Error(`transaction ${built.transaction.uid} found its chain changed every time`)
}

/** The transaction as a member of the chain it continues, if it continues one. Throws when it may not. */
async function join(ctx: Context, built: Built): Promise<{ built: Built; loaded: LoadedChain | null }> {
  const { excluded } = built.drive
  if (excluded.length === 0) return { built, loaded: null }
  const loaded = await loadChain(ctx, built.transaction, built.payment.amount_minor, excluded)
  const { chain } = loaded
  if (chain.type === 'refused') {
    throw chain.because === 'paid'
      ? new CardProblem(422, 'F.0108', { base: ['payment is already successful'] })
      : new CardProblem(422, 'F.0135', { base: ['previous transaction is not finished'] })
  }
  if (chain.type === 'none') return { built, loaded: null }
  const { binding_id, tried } = chain
  return {
    built: {
      ...built,
      transaction: { ...built.transaction, binding_id },
      drive: { ...built.drive, binding_id, tried_in_chain: tried },
    },
    loaded,
  }
}

function run(ctx: Context, { account }: ShopCall, { built, seen }: Stored) {
  const { payment, payer, drive, card, transaction } = built
  const submission = {
    payload: { token: null, client_ip: payer.client_ip ?? '', payment_card: maskCard(card) },
    submissions: 1,
    submitted_at: ctx.now(),
    resolution: 'ok',
    payment_status: 'invoked',
  } satisfies Partial<Payment>
  const running = startRun(ctx, payment.id, async (stopping) => {
    const live = await openLive(ctx, account, payment, payer, { payer_on_page: false, stopping, drive, seen })
    const done = await runCascade(ctx, account, { payment, attempts: [] }, live, submission)
    return done ?? loadState(ctx, account.id, payment.id)
  })
  return knowWhile(ctx, transaction, running)
}
