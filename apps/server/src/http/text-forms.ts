/** Forms of text that callers send: e-mail, dates, countries, URLs, whole numbers. Pure; limits of merchant API contract 3.5. */

const emailForm =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$/

/** ASCII addresses `local@host.tld`; no dot at either end of the local part, none twice. */
export function isEmail(text: string): boolean {
  if (!emailForm.test(text)) return false
  const local = text.slice(0, text.indexOf('@'))
  return !local.startsWith('.') && !local.endsWith('.') && !local.includes('..')
}

/** An absolute http or https URL with a host and without user info. Nothing that a URL parser would quietly repair. */
export function isWebUrl(text: string): boolean {
  if (!/^https?:\/\/[^/?#\\]/i.test(text) || /[\s\\<>"]/.test(text) || hasControl(text) || !URL.canParse(text))
    return false
  const url = new URL(text)
  return url.username === '' && url.password === '' && !/^https?:\/\/[^/?#]*@/i.test(text)
}

/** No NUL and no half of a surrogate pair: text that PostgreSQL stores as it is. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    if (code < 0x20 || code === 0x7f) return true
  }
  return false
}

/** Midnight UTC of a `YYYY-MM-DD` that exists in the calendar, or `null`. */
export function parseDate(text: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null
  const date = new Date(`${text}T00:00:00Z`)
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text ? null : date
}

const timeForm =
  /^(\d{4}-\d{2}-\d{2})[Tt]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(\.\d{1,9})?)?(?:[Zz]|([+-])([01]\d|2[0-3]):?([0-5]\d))$/

/** ISO-8601 with an offset or `Z`, or unix seconds as digits; `null` for anything else. Parts of a second are cut to milliseconds. */
export function parseTime(text: string): Date | null {
  if (/^\d{1,12}$/.test(text)) return validDate(new Date(Number(text) * 1000))
  const match = timeForm.exec(text)
  if (!match) return null
  const [
    ,
    day = '',
    hours = '',
    minutes = '',
    seconds = '00',
    fraction = '',
    sign,
    offset_hours = '00',
    offset_minutes = '00',
  ] = match
  if (!parseDate(day)) return null
  const milliseconds = fraction === '' ? '' : `.${fraction.slice(1, 4).padEnd(3, '0')}`
  const offset = sign ? `${sign}${offset_hours}:${offset_minutes}` : 'Z'
  return validDate(new Date(`${day}T${hours}:${minutes}:${seconds}${milliseconds}${offset}`))
}

function validDate(date: Date): Date | null {
  return Number.isNaN(date.getTime()) ? null : date
}

// ISO 3166-1 alpha-2, officially assigned.
const countries = new Set(
  (
    'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF ' +
    'CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH ' +
    'GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW ' +
    'KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG ' +
    'NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN ' +
    'SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ' +
    'ZA ZM ZW'
  ).split(' '),
)

/** An assigned ISO 3166-1 alpha-2 code, in capitals. */
export function isCountry(code: string): boolean {
  return countries.has(code)
}

/** Characters as people count them: code points, not UTF-16 units. */
export function lengthOf(text: string): number {
  let length = 0
  for (const _ of text) length += 1
  return length
}
