/** Pictures of payment methods, drawn here: a plain sign for each kind of method, in a colour of the method's own. */
import { crc32, deflateSync } from 'node:zlib'
import type { PaymentMethod } from './service.ts'

// Signs on a field of 24 × 24, drawn with a stroke.
const signs = {
  card: '<rect x="3" y="6" width="18" height="12" rx="2"/><path d="M3 10h18M6 15h4"/>',
  phone: '<rect x="7" y="3" width="10" height="18" rx="2"/><path d="M11 18h2"/>',
  wallet: '<path d="M4 8a2 2 0 0 1 2-2h11v3"/><rect x="4" y="9" width="16" height="10" rx="2"/><path d="M16 14h.5"/>',
  bank: '<path d="M4 10l8-5 8 5zM6 10v7M10 10v7M14 10v7M18 10v7M4 19h16"/>',
  arrows: '<path d="M4 9h14l-4-4M20 15H6l4 4"/>',
  cash: '<rect x="3" y="7" width="18" height="10" rx="1"/><circle cx="12" cy="12" r="2.5"/>',
  coin: '<circle cx="12" cy="12" r="8"/><path d="M12 7v10M9 9.5h4.5a1.5 1.5 0 0 1 0 3H9h5a1.5 1.5 0 0 1 0 3H9"/>',
  flask: '<path d="M10 4h4M11 4v6l-5 8a1.5 1.5 0 0 0 1.3 2h9.4a1.5 1.5 0 0 0 1.3-2l-5-8V4M8.5 15h7"/>',
  dots: '<circle cx="6" cy="12" r="1.5"/><circle cx="12" cy="12" r="1.5"/><circle cx="18" cy="12" r="1.5"/>',
  shop: '<path d="M4 9l1.5-4h13L20 9M5 9v10h14V9M4 9h16M10 19v-5h4v5"/>',
} as const

const signOfCategory: Readonly<Record<string, keyof typeof signs>> = {
  payment_card: 'card',
  mobile_payment: 'phone',
  mobile_carrier_billing: 'phone',
  e_wallet: 'wallet',
  bank_transfer: 'arrows',
  direct_debit: 'arrows',
  online_banking: 'bank',
  cash: 'cash',
  crypto: 'coin',
}

const signOf = (method: PaymentMethod): string =>
  signs[method.code === 'test' ? 'flask' : (signOfCategory[method.category] ?? 'dots')]

/** A hue from the code, so that every method keeps one colour without a list of colours. */
function hueOf(code: string): number {
  return crc32(code) % 360
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)

function drawing(sign: string, colour: string, x: number, y: number, size: number): string {
  const scale = size / 24
  return `<g transform="translate(${x} ${y}) scale(${scale})" fill="none" stroke="${colour}" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round">${sign}</g>`
}

/** A square picture of 32 × 32. */
export function methodIcon(method: PaymentMethod): string {
  const colour = `hsl(${hueOf(method.code)} 60% 38%)`
  return `<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="${colour}"/>${drawing(signOf(method), '#fff', 4, 4, 24)}</svg>\n`
}

/** A wide picture, 120 × 40, with the English name; a long name is squeezed to fit. */
export function methodLogo(method: PaymentMethod): string {
  const colour = `hsl(${hueOf(method.code)} 60% 38%)`
  const name = [...method.name.en].slice(0, 24).join('')
  const squeezed = [...name].length > 8 ? ' textLength="74" lengthAdjust="spacingAndGlyphs"' : ''
  return `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40" viewBox="0 0 120 40" role="img" aria-label="${escaped(method.name.en)}"><rect width="120" height="40" rx="6" fill="#fff"/>${drawing(signOf(method), colour, 6, 7, 26)}<text x="39" y="25" font-family="system-ui,sans-serif" font-size="13" font-weight="600" fill="#1f2430"${squeezed}>${escaped(name)}</text></svg>\n`
}

/** The picture of a merchant that has none of its own. */
export const merchantIcon = `<svg xmlns="http://www.w3.org/2000/svg" width="48" height="48" viewBox="0 0 48 48"><rect width="48" height="48" rx="10" fill="#e7eaf0"/>${drawing(signs.shop, '#4a5468', 8, 8, 32)}</svg>\n`

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

/** The logo of the test method: the contract names a PNG, so a flask is drawn into pixels, two colours by palette. */
export function testLogoPng(): Buffer {
  const size = 64
  const rows = Array.from({ length: size }, (_, y) => {
    const row = Buffer.alloc(size + 1)
    for (let x = 0; x < size; x += 1) row[x + 1] = inFlask(x - size / 2 + 0.5, y) ? 1 : 0
    return row
  })
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header.set([8, 3, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    pngChunk('IHDR', header),
    pngChunk('PLTE', Buffer.from([0xff, 0xff, 0xff, 0x27, 0x6e, 0x4a])),
    pngChunk('IDAT', deflateSync(Buffer.concat(rows))),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

/** Rim, neck and a body that widens; a light band across the body stands for what is in it. */
function inFlask(fromMiddle: number, y: number): boolean {
  const distance = Math.abs(fromMiddle)
  if (y >= 8 && y < 12) return distance < 11
  if (y >= 12 && y < 28) return distance < 7
  if (y >= 28 && y < 56) return distance < 7 + (y - 28) * 0.62 && !(y >= 40 && y < 43)
  return false
}
