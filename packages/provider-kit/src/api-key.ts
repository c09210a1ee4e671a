import { createHash, timingSafeEqual } from 'node:crypto'

/** Visible ASCII, 16–256 characters, as the settings of a connection take it. */
const wellFormed = /^[\x21-\x7e]{16,256}$/

/**
 * A check in constant time against one key, or several during a change. Throws TypeError when a key is not 16–256 visible
 * ASCII characters, or when there is none.
 */
export function createKeyCheck(keys: string | readonly string[]): (given: string | undefined) => boolean {
  const all = typeof keys === 'string' ? [keys] : keys
  if (all.length === 0 || !all.every((key) => typeof key === 'string' && wellFormed.test(key))) {
    throw new TypeError('apiKey must be 16 to 256 visible ASCII characters')
  }
  const expected = all.map(digest)
  return (given) => {
    const actual = digest(given ?? '')
    // Every key is compared, so that the time does not tell which one it was.
    return expected.map((one) => timingSafeEqual(one, actual)).includes(true)
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
