const characters_max = 1024
/** As long as card numbers are. A receiver's mistake may send back what it was never told. */
const longNumber = /\d{12,19}/g

/** What of a receiver's answer is kept: text that a database takes, without long numbers; `null` = nothing is left. */
export function answerText(body: string): string | null {
  const kept = body.replaceAll('\0', '').replace(longNumber, '[number]').slice(0, characters_max).toWellFormed()
  return kept === '' ? null : kept
}
