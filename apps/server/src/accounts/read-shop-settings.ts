/** Settings of a shop as an operator types them: `name=value`. Card API contract 1.1. */
import type { ShopSettings } from './shop.ts'

type Read = (text: string) => unknown

/** What does not fit is `undefined`. */
const flag: Read = (text) => (text === 'true' ? true : text === 'false' ? false : undefined)
const oneOf =
  (...values: readonly string[]): Read =>
  (text) =>
    values.includes(text) ? text : undefined
const paths =
  /^(customer\.(ip|email|phone|device_id|birth_date|external_id)|billing_address\.(first_name|last_name|address|country|city|zip|state|phone))$/

const readers: { readonly [name in keyof ShopSettings]: { readonly read: Read; readonly allowed: string } } = {
  test_mode: { read: flag, allowed: 'true or false' },
  three_d_secure: { read: oneOf('off', 'auto', 'required'), allowed: 'off, auto or required' },
  raw_card_data: { read: flag, allowed: 'true or false' },
  automatic_cascading: { read: flag, allowed: 'true or false' },
  expose_attempts: { read: flag, allowed: 'true or false' },
  required_customer_fields: {
    read: (text) => {
      const list = text === '' ? [] : text.split(',')
      return list.every((path) => paths.test(path)) ? list : undefined
    },
    allowed: 'paths such as customer.email,billing_address.zip',
  },
  return_token: { read: oneOf('always', 'on_request', 'never'), allowed: 'always, on_request or never' },
  notification_url: {
    read: (text) => (text === '' ? null : /^https?:$/.test(protocolOf(text)) && text.length <= 2048 ? text : undefined),
    allowed: 'an http or https address, or nothing',
  },
  rate_limit: {
    read: (text) => (text === 'off' ? null : /^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined),
    allowed: 'requests per second, or off',
  },
  accept_late_success: { read: flag, allowed: 'true or false' },
}

function protocolOf(text: string): string {
  return URL.canParse(text) ? new URL(text).protocol : ''
}

/** The settings of `name=value` texts, or what is wrong with the first bad one. */
export function readShopSettings(
  given: readonly string[],
):
  | { readonly settings: Partial<ShopSettings>; readonly mistake: null }
  | { readonly settings: null; readonly mistake: string } {
  const settings: Record<string, unknown> = {}
  for (const text of given) {
    const at = text.indexOf('=')
    const name = text.slice(0, Math.max(0, at))
    if (!Object.hasOwn(readers, name))
      return {
        settings: null,
        mistake: `there is no setting "${name || text}"; there are ${Object.keys(readers).join(', ')}`,
      }
    const { read, allowed } = readers[name as keyof ShopSettings]
    const value = read(text.slice(at + 1))
    if (value === undefined) return { settings: null, mistake: `${name} takes ${allowed}` }
    settings[name] = value
  }
  return { settings: settings as Partial<ShopSettings>, mistake: null }
}
