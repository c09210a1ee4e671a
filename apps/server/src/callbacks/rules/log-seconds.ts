/**
 * The key of every event in `callback_logs`: the unix second it was queued in, or the next one that no earlier event of the
 * same subject has taken. Source: merchant API contract, 16.5. Events come in the order they were made; events are only
 * ever added, so a key never changes.
 */
export function logSeconds(created_ms: readonly number[]): number[] {
  const taken = new Set<number>()
  return created_ms.map((ms) => {
    let second = Math.floor(ms / 1000)
    while (taken.has(second)) second += 1
    taken.add(second)
    return second
  })
}
