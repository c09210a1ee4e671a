/** What logs may show of requisites and their owners. Source: Cascade API contract, section 15. */

const masks: Readonly<Record<string, (value: string) => string>> = {
  cardNumber: maskCard,
  sbpNumber: maskPhone,
  accountNumber: maskTail,
  owner: maskOwner,
  message: maskNumbers,
  url: (value) => value.split('?')[0] ?? '',
}

/** The same object with numbers, owners and signed links cut; for logs. */
export function masked(document: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(document).map(([name, value]) => [
      name,
      typeof value === 'string' && Object.hasOwn(masks, name) ? masks[name]?.(value) : value,
    ]),
  )
}

function maskCard(value: string): string {
  const digits = value.replace(/\D/g, '')
  return digits.length >= 13 ? `${digits.slice(0, 6)}******${digits.slice(-4)}` : '******'
}

function maskPhone(value: string): string {
  const digits = value.replace(/\D/g, '')
  return digits.length >= 10
    ? `+${digits.slice(0, digits.length - 10) || digits[0]}******${digits.slice(-4)}`
    : '******'
}

function maskTail(value: string): string {
  const plain = value.replace(/[^0-9A-Za-z]/g, '')
  return plain.length > 4 ? `****${plain.slice(-4)}` : '****'
}

function maskOwner(value: string): string {
  return value
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => `${[...word][0]}***`)
    .join(' ')
}

/** Free text: every number of 8 digits or more is cut to its last 4; blanks, hyphens, points, brackets and the like may stand between. */
export function maskNumbers(text: string): string {
  return text.replace(
    /\p{Nd}(?:[\s().\-_/\u00b7\u2010-\u2015\u200b-\u200d\u2060]{0,2}\p{Nd}){7,}/gu,
    (run) => `****${run.replace(/\P{Nd}/gu, '').slice(-4)}`,
  )
}
