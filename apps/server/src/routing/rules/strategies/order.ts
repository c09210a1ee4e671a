/** Which candidate comes first. Cascading rules, section 3. Candidates are given in the order the rule writes them. */
import type { Strategy } from '../../scheme.ts'

/** First 8 bytes of SHA-256 of the text, big-endian. */
export type Draw = (text: string) => bigint

export type Candidate = { readonly gateway_id: number; readonly weight: number | null }

export type WeightDraw = { readonly u: bigint; readonly x: number; readonly sum: number }

export type First = { readonly index: number; readonly draw: WeightDraw | null }

/** Text the draw of one hop is made of. */
export function drawText(payment_id: string, version_id: string, hop: number): string {
  return `${payment_id}:${version_id}:${hop}`
}

/** Text of the draw that says whether a payment explores. */
export function exploreText(payment_id: string, version_id: string): string {
  return `${payment_id}:${version_id}:explore`
}

/**
 * The candidate to take: of `direct` and `priority` the first, of `weight` the one whose share the draw falls into.
 * `candidates` is not empty and has no weight of 0.
 */
export function takeFirst(type: Strategy['type'], candidates: readonly Candidate[], draw: Draw, text: string): First {
  if (type !== 'weight') return { index: 0, draw: null }
  let sum = 0
  for (const candidate of candidates) sum += candidate.weight ?? 0
  const u = draw(text)
  const x = Number((u * BigInt(sum)) >> 64n)
  let cumulative = 0
  for (let index = 0; index < candidates.length; index += 1) {
    cumulative += candidates[index]?.weight ?? 0
    if (cumulative > x) return { index, draw: { u, x, sum } }
  }
  throw new Error('a draw by weight found no candidate')
}

/** All candidates in the order they would be tried from this hop on, if nothing else changed. */
export function orderCandidates(
  type: Strategy['type'],
  candidates: readonly Candidate[],
  draw: Draw,
  run: { readonly payment_id: string; readonly version_id: string; readonly hop: number },
): Candidate[] {
  const left = [...candidates]
  const order: Candidate[] = []
  for (let hop = run.hop; left.length > 0; hop += 1) {
    const { index } = takeFirst(type, left, draw, drawText(run.payment_id, run.version_id, hop))
    order.push(...left.splice(index, 1))
  }
  return order
}

/** 0–99, the same for a payment in every version of a scheme. */
export function randomBucket(draw: Draw, payment_id: string, scheme_id: string): number {
  return Number((draw(`${payment_id}:${scheme_id}:bucket`) * 100n) >> 64n)
}
