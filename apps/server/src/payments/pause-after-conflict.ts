import { setTimeout as sleep } from 'node:timers/promises'

const step_ms = 4
const pauseMax_ms = 100

/** Lets the others of a crowd go first: they all wanted to change one payment, and all but one must decide again. */
export async function pauseAfterConflict(tries: number): Promise<void> {
  await sleep(Math.random() * Math.min((tries + 1) * step_ms, pauseMax_ms))
}
