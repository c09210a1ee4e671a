/** Services as the merchant APIs write them; keys in the order of the published samples. Contract, sections 9 and 10. */
import { formatMinor } from '@cascad/money'
import type { Account } from '../accounts/account.ts'
import type { AccountService, PaymentMethod, ServiceField } from './service.ts'

const number = (text: string) => JSON.rawJSON(text)

/** `GET /payment-services/{id}` under `data`. `exponents`: decimals of the service's and of the base currency. */
export function paymentServiceResource(service: AccountService, exponents: { service: number; fee: number }) {
  const limit = (minor: bigint) => number(formatMinor(minor, exponents.service))
  const fee = (minor: bigint) => number(formatMinor(minor, exponents.fee))
  return {
    type: 'payment-services',
    id: service.id,
    attributes: {
      service: service.service,
      service_method: service.method.code,
      service_currency: service.service_currency,
      available: service.available,
      active: service.active,
      enabled: service.enabled,
      amount_min: limit(service.amount_min_minor),
      amount_max: limit(service.amount_max_minor),
      fee_min: fee(service.fee_min_minor),
      fee_max: fee(service.fee_max_minor),
      fee_rate: number(service.fee_rate),
      fee_fix: fee(service.fee_fix_minor),
      reserve_lifetime: service.reserve_lifetime_minutes,
      reserve_rate: service.reserve_rate === null ? null : number(service.reserve_rate),
      currency: service.fee_currency,
      test_mode: service.test_mode,
    },
    relationships: {
      'payment-method': { data: { type: 'payment-methods', id: service.method.code } },
      'payment-service': { data: { type: 'payment-services', id: service.service } },
    },
    links: { self: `/api/payment-services/${service.id}` },
  }
}

/** A field for merchants: its pattern has every backslash doubled, its position is always 0. */
export function fieldDocument(field: ServiceField) {
  const { key, type, label, example, hint, regexp, required } = field
  return {
    key,
    type,
    label: { ru: label.ru, en: label.en, uk: label.uk },
    example,
    hint: { ru: hint.ru, en: hint.en, uk: hint.uk },
    regexp: regexp.replaceAll('\\', '\\\\'),
    required,
    position: 0,
  }
}

/** A service in the answer to a payment prerequest. */
export function offeredService(service: AccountService, exponent: number) {
  return {
    code: service.service,
    method: service.method.code,
    flow: service.flow,
    currency: service.service_currency,
    fields: service.fields.map(fieldDocument),
    amount_min: number(formatMinor(service.amount_min_minor, exponent)),
    amount_max: number(formatMinor(service.amount_max_minor, exponent)),
  }
}

/** A method in the answer to a prerequest; pictures under `assets_base`. */
export function methodDocument(method: PaymentMethod, assets_base: string) {
  const { code, category, description, name } = method
  return {
    code,
    category,
    description,
    name: { en: name.en, ru: name.ru, uk: name.uk },
    logo: assets_base + method.logo,
    icon: assets_base + method.icon,
    metadata: null,
    position: null,
    hide: null,
  }
}

/** The picture of an account: its own, or the default one, dated so that a change is seen. */
export function accountIcon(account: Account, assets_base: string): string {
  return account.icon ?? `${assets_base}/images/default.svg?${Math.floor(account.updated_at.getTime() / 1000)}`
}

/** The merchant in the answer to a prerequest. */
export function offeringAccount(account: Account, assets_base: string) {
  const { name, description, website } = account
  return { name, description, icon: accountIcon(account, assets_base), website }
}
