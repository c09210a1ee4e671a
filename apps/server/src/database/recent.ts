/** Values read from the database, so that a busy path does not read the same row again and again. */

const age_ms = 1000

type Entry<Value> = { readonly since: number; readonly value: Promise<Value> }

export type Recent<Value> = {
  /** The value as it was at most one second ago, or what `load` reads now. Callers at the same time share one `load`. */
  readonly get: (key: string, load: () => Promise<Value>) => Promise<Value>
  /** After this the next `get` reads again, also when a `load` from before is still under way. */
  readonly forget: (key: string) => void
  readonly forgetAll: () => void
}

/** Tells which values may still be used. Moments are those of `performance.now()`. */
export type Freshness = {
  /** May a value be used whose reading began then? */
  readonly isFresh: (since: number) => boolean
  /** Left out = what is not fresh is read again. Otherwise finds out; afterwards `isFresh` knows. Never rejects. */
  readonly confirm?: (since: number) => Promise<void>
}

/**
 * Values of the last second, one memory per owner (a context, a pool), so that two databases in one process never mix.
 * At most `entries_max` values stay; the oldest goes first. A `load` that fails is not kept.
 */
export function recent<Value>(limits: { readonly entries_max: number }): (owner: object) => Recent<Value> {
  const memories = new WeakMap<object, Recent<Value>>()
  return (owner) => {
    let memory = memories.get(owner)
    if (!memory) {
      memory = createMemory<Value>(limits.entries_max, { isFresh: (since) => performance.now() - since < age_ms })
      memories.set(owner, memory)
    }
    return memory
  }
}

/** A memory whose values live as long as `freshness` says. */
export function createMemory<Value>(
  entries_max: number,
  freshness: Freshness,
  clock: () => number = () => performance.now(),
): Recent<Value> {
  const entries = new Map<string, Entry<Value>>()

  const read = (key: string, load: () => Promise<Value>): Promise<Value> => {
    // The age counts from before the read, and the entry stands before the read ends: a later `forget` removes it.
    const entry: Entry<Value> = { since: clock(), value: load() }
    entries.delete(key)
    entries.set(key, entry)
    if (entries.size > entries_max) entries.delete(entries.keys().next().value as string)
    entry.value.catch(() => {
      if (entries.get(key) === entry) entries.delete(key)
    })
    return entry.value
  }

  const fresh = (key: string): Promise<Value> | null => {
    const known = entries.get(key)
    return known && freshness.isFresh(known.since) ? known.value : null
  }

  return {
    get(key, load) {
      const known = entries.get(key)
      if (!known) return read(key, load)
      if (freshness.isFresh(known.since)) return known.value
      if (!freshness.confirm) return read(key, load)
      return freshness.confirm(known.since).then(() => fresh(key) ?? read(key, load))
    },
    forget: (key) => void entries.delete(key),
    forgetAll: () => entries.clear(),
  }
}
