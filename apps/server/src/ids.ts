/**
 * Ids: prefix + 16 characters of [0-9A-Za-z]. The first 8 are the time in steps of 10 µs, so that indexes stay local as
 * tables grow and ids sort by creation, until March 2039; the last 8 come from a CSPRNG. Columns that hold ids collate "C".
 */
import { randomBytes, randomFillSync } from 'node:crypto'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

const prefixes = {
  payment: 'cpi_',
  payout: 'cpoi_',
  account: 'coma_',
  currency_account: 'comca_',
  payment_service: 'comcps_',
  payout_service: 'comcpos_',
  customer: 'cus_',
  card_session: 'cgi_',
  attempt: 'pay_',
  refund: 'ref_',
  capture: 'cap_',
  void: 'voi_',
  merchant_account: 'ma_',
  organisation: 'org_',
  callback_event: 'evt_',
  transfer: 'trf_',
  provider_event: 'pev_',
  scheme: 'sch_',
  provider: 'prv_',
  top_up: 'top_',
  withdrawal: 'wdr_',
  destination: 'dst_',
  provider_call: 'prc_',
  provider_case: 'prx_',
  receipt_decision: 'rcd_',
  correction: 'cor_',
  appeal: 'apl_',
  appeal_message: 'apm_',
  receipt: 'rcp_',
  mail: 'mai_',
} as const

export type IdKind = keyof typeof prefixes

let lastTick = 0

/** The next tick of 10 µs in this process; never the same twice, never backwards. */
function nextTick(now: Date): number {
  lastTick = Math.max(lastTick + 1, now.getTime() * 100)
  return lastTick
}

function timePart(tick: number): string {
  let rest = tick
  let text = ''
  for (let i = 0; i < 8; i += 1) {
    text = alphabet[rest % 62] + text
    rest = Math.floor(rest / 62)
  }
  return text
}

const pool = Buffer.alloc(4096)
let used = pool.length

function randomByte(): number {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const byte = pool[used] as number
  pool[used] = 0
  used += 1
  return byte
}

/** `length` characters of [0-9A-Za-z] from a CSPRNG, without bias. */
export function randomText(length: number): string {
  let text = ''
  while (text.length < length) {
    const byte = randomByte()
    if (byte < 248) text += alphabet[byte % 62]
  }
  return text
}

/** A new id of the kind, ordered by creation within this process. */
export function newId(kind: IdKind, now: Date): string {
  return prefixes[kind] + timePart(nextTick(now)) + randomText(8)
}

/** A secret id whose time part is that of another id, so that it can be found through the index of that other id. */
export function siblingId(kind: IdKind, sibling: string): string {
  const serial = serialNumber(sibling)
  return prefixes[kind] + serial.slice(0, 8) + randomText(8)
}

/** Is this text a well-formed id of the kind? */
export function isId(kind: IdKind, text: string): boolean {
  const prefix = prefixes[kind]
  return (
    text.length === prefix.length + 16 && text.startsWith(prefix) && /^[0-9A-Za-z]{16}$/.test(text.slice(prefix.length))
  )
}

/** The id without its prefix. */
export function serialNumber(id: string): string {
  return id.slice(id.indexOf('_') + 1)
}

/** When a well-formed id was made, as far as the clock of its process was right. */
export function timeOfId(id: string): Date {
  let tick = 0
  for (const character of serialNumber(id).slice(0, 8)) tick = tick * 62 + alphabet.indexOf(character)
  return new Date(Math.floor(tick / 100))
}

/** The smallest id of the kind that can have been made at `time`; times before 1970 and far ahead are cut to what ids can hold. */
export function firstIdAt(kind: IdKind, time: Date): string {
  const tick = Math.min(Math.max(time.getTime() * 100, 0), 62 ** 8 - 1)
  return `${prefixes[kind]}${timePart(tick)}00000000`
}

/** The smallest and largest id of the kind that share the time part of `sibling`. */
export function siblingRange(kind: IdKind, sibling: string): { from: string; to: string } {
  const time = serialNumber(sibling).slice(0, 8)
  return { from: `${prefixes[kind]}${time}00000000`, to: `${prefixes[kind]}${time}zzzzzzzz` }
}

/** A UUID of version 7 (RFC 9562) that no earlier one of this process follows; 62 bits of it are from a CSPRNG. */
export function newUid(now: Date): string {
  const tick = nextTick(now)
  const time = Math.floor(tick / 100)
    .toString(16)
    .padStart(12, '0')
  // 100 ticks of 10 µs in 12 bits.
  const rest = ((tick % 100) * 40).toString(16).padStart(3, '0')
  const random = randomBytes(8)
  random[0] = ((random[0] as number) & 0x3f) | 0x80
  const tail = random.toString('hex')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest}-${tail.slice(0, 4)}-${tail.slice(4)}`
}

/** The first UUID of version 7 at a time: every one made later sorts after it. */
export function firstUidAt(time: Date): string {
  const digits = Math.max(0, time.getTime()).toString(16).padStart(12, '0')
  return `${digits.slice(0, 8)}-${digits.slice(8)}-7000-8000-000000000000`
}

const uidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Has the text the form of a UUID? Lower case only, as ours are. */
export function isUid(text: string): boolean {
  return uidForm.test(text)
}
