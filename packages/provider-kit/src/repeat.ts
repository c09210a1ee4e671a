/** One answer per idempotency key, and one appeal per payment and amount while it is open. Contract, section 18.2. */
import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { IdempotencyStore } from './answer-store.ts'
import { type HttpAnswer, jsonAnswer } from './http.ts'

const answer_keep_ms = 24 * 3_600_000
/** Longer than any appeal stays open. */
const appeal_keep_ms = 30 * 24 * 3_600_000
const look_again_ms = 50
const looks_max = 1_200

export function hashOf(document: object): string {
  return createHash('sha256').update(JSON.stringify(document)).digest('hex')
}

export type Repeat = 'different' | 'still_running'

/**
 * Runs `work` once per key and gives its answer to every repeat, also to one that comes while it runs. Answers of 500 and
 * above are not kept: the repeat tries again. 'different' = the key was used for another body.
 */
export async function once(
  store: IdempotencyStore,
  key: string,
  body_hash: string,
  work: () => Promise<HttpAnswer>,
  keep_ms = answer_keep_ms,
): Promise<HttpAnswer | Repeat> {
  for (let looks = 0; looks < looks_max; looks += 1) {
    const found = await store.begin(key, body_hash)
    if (found === 'new') return await run(store, key, work, keep_ms)
    if (found !== 'running') return found.bodyHash === body_hash ? found.answer : 'different'
    await pause(look_again_ms)
  }
  return 'still_running'
}

async function run(store: IdempotencyStore, key: string, work: () => Promise<HttpAnswer>, keep_ms: number) {
  const answer = await work().catch(async (error) => {
    await store.forget(key)
    throw error
  })
  if (answer.status >= 500) await store.forget(key)
  else await store.finish(key, answer, keep_ms)
  return answer
}

/** The appeal of this payment over this amount, opened by `work` unless it is open already; refusals are not kept. */
export async function openAppealOnce(
  store: IdempotencyStore,
  appeal: { readonly id: string; readonly amount: string },
  work: () => Promise<HttpAnswer>,
): Promise<HttpAnswer | Repeat> {
  const key = `appeal:${hashOf([appeal.id, appeal.amount])}`
  const answer = await once(store, key, '', work, appeal_keep_ms)
  if (typeof answer === 'string') return answer
  if (answer.status >= 300) {
    await store.forget(key)
    return answer
  }
  const { appealId = appeal.id } = JSON.parse(answer.body) as { appealId?: string }
  const closing = closingKey(appealId)
  if ((await store.begin(closing, '')) === 'new') await store.finish(closing, jsonAnswer(200, { key }), appeal_keep_ms)
  return answer
}

/** After an appeal was closed, the same claim may be made again. `id` = what closed it. */
export async function forgetAppeal(store: IdempotencyStore, id: string): Promise<void> {
  const closing = closingKey(id)
  const found = await store.begin(closing, '')
  if (typeof found !== 'string') await store.forget((JSON.parse(found.answer.body) as { key: string }).key)
  await store.forget(closing)
}

function closingKey(id: string): string {
  return `closing:${hashOf([id])}`
}
