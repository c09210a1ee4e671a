/** Seeded random numbers: the same seed and the same order of draws give the same run. */
export type Draw = (below: number) => number

/** Mulberry32: whole numbers in [0, below). */
export function createDraw(seed: number, name: string): Draw {
  let state = seed >>> 0
  for (const letter of name) state = Math.imul(state ^ letter.charCodeAt(0), 0x9e3779b1) >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 0x100000000) * below)
  }
}

/** Draws a key of `weights` in proportion; `fallback` when they sum to zero. */
export function drawWeighted<T extends string>(weights: Readonly<Record<string, number>>, draw: Draw, fallback: T): T {
  const entries = Object.entries(weights)
  const sum = entries.reduce((total, [, weight]) => total + weight, 0)
  if (sum === 0) return fallback
  let rest = draw(sum)
  for (const [word, weight] of entries) {
    if (rest < weight) return word as T
    rest -= weight
  }
  return fallback
}
