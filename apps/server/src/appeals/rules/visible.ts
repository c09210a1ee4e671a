/** Who reads what of a thread: everything but the internal notes of another side. Cascade API, 11.2. */
import type { AppealMessage, Side } from '../appeal.ts'

/** The payer and the merchant are one party: the merchant answers for his payer, but keeps his notes to himself. */
export function isVisible(message: Pick<AppealMessage, 'side' | 'internal'>, reader: Side): boolean {
  return !message.internal || message.side === reader
}
