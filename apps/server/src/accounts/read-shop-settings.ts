/** Settings of a shop as an operator types them: `name=value`. Card API contract 1.1. */
import { flag, oneOf, type Reader, readNamedValues } from '../http/read-named-values.ts'
import type { ShopSettings } from './shop.ts'

const paths =
  /^(customer\.(ip|email|phone|device_id|birth_date|external_id)|billing_address\.(first_name|last_name|address|country|city|zip|state|phone))$/

const readers: { readonly [name in keyof ShopSettings]: Reader } = {
  test_mode: flag,
  three_d_secure: oneOf('off', 'auto', 'required'),
  raw_card_data: flag,
  automatic_cascading: flag,
  expose_attempts: flag,
  required_customer_fields: {
    read: (text) => {
      const list = text === '' ? [] : text.split(',')
      return list.every((path) => paths.test(path)) ? list : undefined
    },
    allowed: 'paths such as customer.email,billing_address.zip',
  },
  return_token: oneOf('always', 'on_request', 'never'),
  notification_url: {
    read: (text) => (text === '' ? null : /^https?:$/.test(protocolOf(text)) && text.length <= 2048 ? text : undefined),
    allowed: 'an http or https address, or nothing',
  },
  rate_limit: {
    read: (text) => (text === 'off' ? null : /^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined),
    allowed: 'requests per second, or off',
  },
  accept_late_success: flag,
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
  const { values, mistake } = readNamedValues<ShopSettings>(readers, given)
  return values === null ? { settings: null, mistake } : { settings: values, mistake: null }
}
