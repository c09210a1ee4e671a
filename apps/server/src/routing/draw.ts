/** The draw of the strategies: no state, the same on every machine and after every restart. Cascading rules, section 3.3. */
import { hash } from 'node:crypto'

/** First 8 bytes of SHA-256 of the text, big-endian. */
export function draw(text: string): bigint {
  return hash('sha256', text, 'buffer').readBigUInt64BE(0)
}
