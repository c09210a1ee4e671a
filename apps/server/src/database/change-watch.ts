/**
 * Knows since when nobody has changed the settings, by asking the database at most twice a second, and only while somebody uses
 * settings. What was read before a change is never fresh after the question that finds the change; when the database does
 * not answer, nothing is fresh for longer than a second, as if there were no watch.
 */

/** What of the settings was committed since an earlier answer. */
export type Changes = {
  /** Hand it in with the next question: everything not in this answer has an id from here on. */
  readonly floor: string
  /** Changes from the floor of the question on, those of earlier answers among them. */
  readonly changes: readonly { readonly id: string; readonly table_name: string }[]
}

export type ChangeWatch = {
  /** May a value be used whose reading began then, and that was not dropped? Keeps the questions going. */
  readonly isFresh: (since: number, age_max_ms: number) => boolean
  /** Waits for the question that is under way, or asks one, unless the last has only just failed. Never rejects. */
  readonly prove: () => Promise<void>
  /** Asks now, or waits for the question that is under way. Never rejects. */
  readonly ask: () => Promise<void>
  /** `drop` is called when one of these tables has changed, or may have. */
  readonly onChange: (tables: readonly string[], drop: () => void) => void
}

/** No value is used that is not known to have been true within this time. */
const proof_ms = 1000
/** So early before the proof is too old that its successor comes in time. */
const askAgain_ms = 500
/** A question that takes longer proves nothing: others must not wait for it. */
const answer_ms = 1000

/**
 * `question(null)` = from where on will changes be told? Why the answers are complete: a transaction that an answer did not see
 * was running or had not begun, so its id is not below the oldest running one, which is the floor.
 */
export function createChangeWatch(
  question: (floor: string | null) => Promise<Changes>,
  clock: () => number = () => performance.now(),
): ChangeWatch {
  const listeners: { readonly tables: readonly string[]; readonly drop: () => void }[] = []
  let floor: string | null = null
  let seen = new Set<string>()
  /** Everything kept is as the database had it at this moment. */
  let proven_at = Number.NEGATIVE_INFINITY
  let asked_at = Number.NEGATIVE_INFINITY
  let asking: Promise<void> | null = null

  const learn = (answer: Changes, question_at: number): void => {
    const known = floor !== null && BigInt(answer.floor) >= BigInt(floor)
    const changed = new Set(answer.changes.filter(({ id }) => !seen.has(id)).map(({ table_name }) => table_name))
    for (const { tables, drop } of listeners) if (!known || tables.some((table) => changed.has(table))) drop()
    seen = new Set(answer.changes.map(({ id }) => id))
    floor = answer.floor
    proven_at = question_at
  }

  const askOnce = async (): Promise<void> => {
    const question_at = clock()
    asked_at = question_at
    try {
      learn(await withinTime(question(floor), answer_ms), question_at)
    } catch {
      // Who answers next may be another server that has lost what this one knew: all begins anew.
      floor = null
    }
  }

  const ask = (): Promise<void> => {
    asking ??= askOnce().finally(() => {
      asking = null
    })
    return asking
  }

  const prove = async (): Promise<void> => {
    if (asking || clock() - asked_at >= askAgain_ms) await ask()
  }

  return {
    isFresh(since, age_max_ms) {
      const now = clock()
      if (now - asked_at >= askAgain_ms) void ask()
      return now - since < Math.min(proof_ms, age_max_ms) || (now - proven_at < proof_ms && now - since < age_max_ms)
    },
    prove,
    ask,
    onChange: (tables, drop) => void listeners.push({ tables, drop }),
  }
}

/** Rejects when the answer is not there in time; what comes later is not looked at. */
async function withinTime<Answer>(answer: Promise<Answer>, limit_ms: number): Promise<Answer> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`no answer within ${limit_ms} ms`)), limit_ms)
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}
