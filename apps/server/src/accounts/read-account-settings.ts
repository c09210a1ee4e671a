/** Settings of a merchant account as an operator types them: `name=value`. Merchant API contract, sections 2, 3.5, 8, 11, 14, 16, 18. */
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import {
  flag,
  oneLine,
  oneOf,
  orNothing,
  type Reader,
  readNamedValues,
  wholeNumber,
} from '../http/read-named-values.ts'
import { checkTargetUrl } from '../http/target-guard.ts'
import { isEmail, isWebUrl } from '../http/text-forms.ts'
import { isTimeZone } from '../http/time-zone.ts'
import type { Account, AccountOptions, ReturnUrls } from './account.ts'
import { type AccountChanges, type AccountFields, returnKinds } from './change-account.ts'

type ReturnSettings = { readonly [kind in keyof ReturnUrls as `return_urls.${kind}`]-?: string | null }
type Settings = AccountFields & ReturnSettings & AccountOptions
type Readers<Values> = { readonly [name in keyof Values]-?: Reader }

const url_length_max = 2048
const email_length_max = 254
const allowlist_max = 100

const isHost = (text: string): boolean =>
  text.length <= 253 && /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/.test(text)

const webAddress = orNothing({
  read: (text) => (text.length <= url_length_max && isWebUrl(text) ? text : undefined),
  allowed: 'an http or https address without user and password',
})

/** One address, or a block such as `10.0.0.0/8`, in the usual spelling. */
function isAddressOrBlock(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/')
  if (more.length > 0 || isIP(address) === 0 || !ipaddr.isValid(address) || address.includes('%')) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && ipaddr.isValidCIDR(text))
}

function fieldReaders(allow_private: boolean): Readers<AccountFields> {
  return {
    name: oneLine(1, 100),
    description: oneLine(0, 500),
    website: webAddress,
    checkout_domain: orNothing({
      read: (text) => (isHost(text) ? text : undefined),
      allowed: 'a host name in small letters such as pay.example.com',
    }),
    time_zone: {
      read: (text) => (/^[A-Za-z]/.test(text) && isTimeZone(text) ? text : undefined),
      allowed: 'the name of a time zone such as Europe/Kyiv or UTC',
    },
    api_ip_allowlist: {
      read: (text) => {
        const list = text === '' ? [] : text.split(',')
        return list.length <= allowlist_max && list.every(isAddressOrBlock) ? list : undefined
      },
      allowed: `at most ${allowlist_max} addresses or blocks such as 192.0.2.7,2001:db8::/32, or nothing to allow all`,
    },
    callback_url: orNothing({
      // It serves both modes, and live callbacks go nowhere else than to public https addresses.
      read: (text) =>
        isWebUrl(text) && checkTargetUrl(text, { test_mode: false, allow_private }) === 'ok' ? text : undefined,
      allowed: allow_private ? 'a public or local http or https address' : 'a public https address',
    }),
  }
}

const returnReaders: Readers<ReturnSettings> = {
  'return_urls.success': webAddress,
  'return_urls.pending': webAddress,
  'return_urls.fail': webAddress,
  'return_urls.common': webAddress,
}

const placeholders = ['id', 'description', 'account_name', 'created', 'reference_id'].map((name) => `{${name}}`)
const descriptorLine = oneLine(1, 255)

const optionReaders: Readers<AccountOptions> = {
  fee_strategy: oneOf('internal', 'external'),
  reverse_fee: flag,
  invoice_lifetime_minutes: wholeNumber(10, 10_080, 'minutes'),
  attempts_limit: wholeNumber(0, 20),
  retry_limit: wholeNumber(0, 20),
  forbid_public_creation: flag,
  allow_host_to_host: flag,
  hide_card_details: flag,
  return_fee_on_refund: flag,
  send_operation_context: flag,
  auto_return: flag,
  allow_partially: flag,
  callbacks_only_final: flag,
  callback_attempts_max: wholeNumber(1, 100),
  descriptor: orNothing({
    read: (text) => {
      const known = (text.match(/\{[^}]*\}?/g) ?? []).every((part) => placeholders.includes(part))
      return known ? descriptorLine.read(text) : undefined
    },
    allowed: `${descriptorLine.allowed} with ${placeholders.join(' ')}`,
  }),
  show_zero_fee_badge: flag,
  accept_late_success: flag,
  accept_late_transfers: flag,
  payer_appeals: flag,
  payment_appeals_callbacks: flag,
  notification_email: orNothing({
    read: (text) => (text.length <= email_length_max && isEmail(text) ? text : undefined),
    allowed: 'one plain e-mail address such as appeals@example.com',
  }),
}

const optionNames = Object.keys(optionReaders) as readonly (keyof AccountOptions)[]

/**
 * The changes of `name=value` texts, or what is wrong with the first bad one.
 *
 * @param allow_private may callbacks go to local addresses and plain http, as the configuration says
 */
export function readAccountSettings(
  given: readonly string[],
  { allow_private }: { readonly allow_private: boolean },
): { readonly changes: AccountChanges; readonly mistake: null } | { readonly changes: null; readonly mistake: string } {
  const readers = { ...fieldReaders(allow_private), ...returnReaders, ...optionReaders }
  const { values, mistake } = readNamedValues<Settings>(readers, given)
  if (values === null) return { changes: null, mistake }
  const entries = Object.entries(values)
  const options = entries.filter(([name]) => Object.hasOwn(optionReaders, name))
  const return_urls = entries.filter(([name]) => Object.hasOwn(returnReaders, name))
  const fields = entries.filter((entry) => !options.includes(entry) && !return_urls.includes(entry))
  const changes = {
    ...Object.fromEntries(fields),
    return_urls: Object.fromEntries(return_urls.map(([name, url]) => [name.slice('return_urls.'.length), url])),
    options: Object.fromEntries(options),
  }
  return { changes, mistake: null }
}

/** Every setting as `readAccountSettings` takes it. */
export function accountSettingLines(account: Account): string[] {
  const { options, return_urls } = account
  const fieldNames = Object.keys(fieldReaders(false)) as readonly (keyof AccountFields)[]
  return [
    ...fieldNames.map((name) => `${name}=${account[name] ?? ''}`),
    ...returnKinds.map((kind) => `return_urls.${kind}=${return_urls[kind] ?? ''}`),
    ...optionNames.map((name) => `${name}=${options[name] ?? ''}`),
  ]
}
