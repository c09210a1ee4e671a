/** What the log of calls keeps of a body: no number, owner, key or signed link in full. Cascade API, section 15. */
import { masked, maskNumbers } from '@cascad/provider-kit/mask'

type Kind = 'card' | 'phone' | 'account' | 'owner' | 'link' | 'secret' | 'plain'

/** By the name of the field, in small letters and without what separates its words. All others are free text. */
const kinds: readonly (readonly [RegExp, Kind])[] = [
  [/^(card|pan)(no|number|num)?$/, 'card'],
  [/^(sbp|phone|tel|telephone|mobile|msisdn)(no|number|num)?$/, 'phone'],
  [/^((bank)?account|iban)(no|number|num)?$|^number$|^requisites?$/, 'account'],
  [
    /^((card|account)?(owner|holder)|recipient|receiver|beneficiary|fio|(full|first|last|middle|sur)?name)(name)?$/,
    'owner',
  ],
  [/(key|token|secret|password|authorization|signature)$/, 'secret'],
  [/^(url|uri|link|href)$/, 'link'],
  [/^(id|appealid|event|status|method|currency|amount|currencyrate|transactionwindowinmin)$/, 'plain'],
]

/** Fields whose value must not stand anywhere else in the body either. */
const personal: ReadonlySet<Kind | null> = new Set<Kind | null>(['card', 'phone', 'account', 'owner'])

/** A longer answer is not read by anybody, and not kept either. */
const read_max = 64 * 1024
const kept_max = 8 * 1024
/** A document with more personal values than this is no answer of a provider; it is masked as text. */
const values_max = 20

/** `secrets` = texts that are never shown, such as the key of the endpoint. At most 8 KiB are kept. Never throws. */
export function maskBody(body: string, secrets: readonly string[] = []): string {
  const read = body.replace(/^\ufeff/, '').slice(0, read_max)
  const known = secrets.filter((secret) => secret.length >= 4).flatMap(spellingsOf)
  const text = known.reduce((all, secret) => all.replaceAll(secret, '***'), read)
  return fit(maskJson(text) ?? maskText(text))
}

/** As it is, and as JSON, an address, base64 and hexadecimal digits write it; the longest first. */
function spellingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const inJson = JSON.stringify(secret).slice(1, -1)
  const all = [secret, inJson, encodeURIComponent(secret), bytes.toString('base64'), bytes.toString('hex')]
  return [...new Set(all)].sort((a, b) => b.length - a.length)
}

function fit(text: string): string {
  return text.slice(0, kept_max).replaceAll('\0', '').toWellFormed()
}

/** A number with the text it was written in: an amount or an id stays as the other side wrote it. */
class Numeral {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Revive = (name: string, value: unknown, context: { readonly source?: string }) => unknown
const exact = JSON as unknown as {
  readonly parse: (text: string, revive: Revive) => unknown
  readonly rawJSON: (text: string) => unknown
}

/** `null` = no JSON, or nested too deep to be looked through. */
function maskJson(text: string): string | null {
  try {
    const document = exact.parse(text, (_name, value, { source }) =>
      typeof value === 'number' ? new Numeral(source ?? String(value)) : value,
    )
    const found = new Set<string>()
    collect(document, null, found)
    if (found.size > values_max) return null
    return JSON.stringify(maskValue(document, null, [...found].flatMap(patternOf)))
  } catch {
    return null
  }
}

function kindOf(name: string): Kind | null {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '')
  return kinds.find(([pattern]) => pattern.test(plain))?.[1] ?? null
}

/** The personal values of the document. */
function collect(value: unknown, kind: Kind | null, found: Set<string>): void {
  if (value instanceof Numeral || typeof value === 'string') {
    const text = value instanceof Numeral ? value.text : value
    if (personal.has(kind)) found.add(text)
  } else if (Array.isArray(value)) {
    for (const one of value) collect(one, kind, found)
  } else if (value !== null && typeof value === 'object') {
    for (const [name, inner] of Object.entries(value)) collect(inner, kindOf(name), found)
  }
}

function maskValue(value: unknown, kind: Kind | null, found: readonly RegExp[]): unknown {
  if (value instanceof Numeral) return maskNumeral(value.text, kind, found)
  if (typeof value === 'string') return maskOne(value, kind, found)
  if (Array.isArray(value)) return value.map((one) => maskValue(one, kind, found))
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).map(([name, inner]) => [
    maskOne(name, null, found),
    maskValue(inner, kindOf(name), found),
  ])
  return Object.fromEntries(entries)
}

function maskNumeral(text: string, kind: Kind | null, found: readonly RegExp[]): unknown {
  const shown = maskOne(text, kind, found)
  return shown === text ? exact.rawJSON(text) : shown
}

function maskOne(text: string, kind: Kind | null, found: readonly RegExp[]): string {
  switch (kind) {
    case 'secret':
      return '***'
    case 'link':
      return without(String(masked({ url: text }).url), found)
    case 'card':
      return String(masked({ cardNumber: text }).cardNumber)
    case 'phone':
      return String(masked({ sbpNumber: text }).sbpNumber)
    case 'account':
      return String(masked({ accountNumber: text }).accountNumber)
    case 'owner':
      return String(masked({ owner: text }).owner)
    case 'plain':
      return without(text, found)
    default:
      return maskNumbers(without(text, found))
  }
}

/** Finds the value however its characters are grouped; one of less than five is no proof of anything. */
function patternOf(value: string): RegExp[] {
  const characters = [...value.slice(0, 300)].filter((character) => /[\p{L}\p{N}]/u.test(character))
  return characters.length < 5 ? [] : [new RegExp(characters.join('[^\\p{L}\\p{N}]{0,2}'), 'giu')]
}

function without(text: string, found: readonly RegExp[]): string {
  return found.reduce((all, pattern) => all.replace(pattern, '****'), text)
}

/** No JSON, or not all of it: fields that can be made out are masked as such, and long numbers everywhere. */
function maskText(text: string): string {
  const fields = text.replace(
    /"([^"\\]{1,64})"(\s*:\s*)"((?:[^"\\]|\\.)*)("|$)/g,
    (whole, name: string, colon: string, value: string, end: string) => {
      const kind = kindOf(name)
      return kind === null || kind === 'plain' ? whole : `"${name}"${colon}"${maskOne(value, kind, [])}${end}`
    },
  )
  return maskNumbers(fields)
}
