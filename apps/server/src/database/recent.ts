/** Values read from the database within the last second, so that a busy path does not read the same row again and again. */

const age_ms = 1000

type Entry<Value> = { readonly since: number; readonly value: Promise<Value> }

export type Recent<Value> = {
  /** The value of at most one second ago, or what `load` reads now. Callers at the same time share one `load`. */
  readonly get: (key: string, load: () => Promise<Value>) => Promise<Value>
  /** After this the next `get` reads again, also when a `load` from before is still under way. */
  readonly forget: (key: string) => void
  readonly forgetAll: () => void
}

/**
 * One memory per owner (a context, a pool), so that two databases in one process never mix.
 * At most `entries_max` values stay; the oldest goes first. A `load` that fails is not kept.
 */
export function recent<Value>(limits: { readonly entries_max: number }): (owner: object) => Recent<Value> {
  const memories = new WeakMap<object, Recent<Value>>()
  return (owner) => {
    let memory = memories.get(owner)
    if (!memory) {
      memory = createMemory<Value>(limits.entries_max)
      memories.set(owner, memory)
    }
    return memory
  }
}

function createMemory<Value>(entries_max: number): Recent<Value> {
  const entries = new Map<string, Entry<Value>>()
  return {
    get(key, load) {
      const since = performance.now()
      const known = entries.get(key)
      if (known && since - known.since < age_ms) return known.value
      // The age counts from before the read, and the entry stands before the read ends: a later `forget` removes it.
      const entry: Entry<Value> = { since, value: load() }
      entries.delete(key)
      entries.set(key, entry)
      if (entries.size > entries_max) entries.delete(entries.keys().next().value as string)
      entry.value.catch(() => {
        if (entries.get(key) === entry) entries.delete(key)
      })
      return entry.value
    },
    forget: (key) => void entries.delete(key),
    forgetAll: () => entries.clear(),
  }
}
