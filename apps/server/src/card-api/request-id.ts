/** The header RequestID: the same request again gives what the first one made, in its present state. Card API contract 13. */
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '../context.ts'
import type { JsonObject, JsonValue } from '../http/json.ts'
import { numberText } from '../http/json.ts'
import { CardProblem } from './card-problem.ts'
import type { ShopCall } from './shop-route.ts'
import { type RequestClaim, requestKept_ms, selectRequestId } from './table.ts'

/** What the call would claim; `null` = it carries no RequestID. */
export function requestClaim(call: ShopCall): RequestClaim | null {
  const { request_id, shop, path, body } = call
  return request_id === null ? null : { shop_id: shop.shop_id, path, request_id, body_hash: hashOf(body) }
}

/** What an earlier call with this claim made, `null` = nothing. Throws when its body was another one. */
export async function findMade(ctx: Context, account_id: string, claim: RequestClaim | null): Promise<string | null> {
  if (!claim) return null
  const since = new Date(ctx.now().getTime() - requestKept_ms)
  const kept = await selectRequestId(ctx.sql, account_id, claim, since)
  if (!kept) return null
  if (!Buffer.from(kept.body_hash).equals(Buffer.from(claim.body_hash))) throw new CardProblem(422, 'E.1010')
  return kept.made
}

/** Every POST is answered within this time; what is not decided by then is `pending`. */
export const answerWithin_ms = 24_000

const step_ms = 100

/** Waits until `isDone` says so, up to `wait_ms`; `false` = it did not. */
export async function waitUntil(isDone: () => Promise<boolean>, wait_ms: number): Promise<boolean> {
  for (let waited_ms = 0; ; waited_ms += step_ms) {
    if (await isDone()) return true
    if (waited_ms >= wait_ms) return false
    await sleep(step_ms)
  }
}

/** A hash of what the body means: the order of keys and the spelling of JSON do not matter. */
function hashOf(body: JsonObject): Buffer {
  return createHash('sha256').update(canonical(body)).digest()
}

function canonical(value: JsonValue): string {
  const number = numberText(value)
  if (number !== null) return number
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  const object = value as JsonObject
  const members = Object.keys(object)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(object[key] as JsonValue)}`)
  return `{${members.join(',')}}`
}
