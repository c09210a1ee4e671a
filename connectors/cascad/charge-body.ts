import type { BillingAddress, Card, ChargeRequest } from '@cascad/connector'
import type { Credentials } from './credentials.ts'

const path_of = { charge: '/transactions/payments', authorize: '/transactions/authorizations' } as const

export function pathOf(operation: 'charge' | 'authorize'): string {
  return path_of[operation]
}

/**
 * The request of a payment or authorization. It names no gateways: the other installation may cascade by its own setting.
 * Fields that are not needed are left out where they would not be taken, so that they cannot cost the payment.
 */
export function chargeBody(request: ChargeRequest<Credentials>): object {
  const { reference, return_url, notification_url, descriptor, billing_address } = request
  return {
    // Digits: no number is rounded on the way.
    amount: request.amount_minor.toString(),
    currency: request.currency,
    description: request.description?.trim().slice(0, 255).toWellFormed() || reference,
    tracking_id: reference,
    duplicate_check: false,
    test: request.test_mode,
    ...url('return_url', return_url),
    ...url('notification_url', notification_url),
    ...(descriptor ? { dynamic_billing_descriptor: descriptor.slice(0, 255).toWellFormed() } : {}),
    credit_card: {
      ...(request.card_token === null ? numberOf(request) : tokenOf(request)),
      skip_three_d_secure_verification: request.three_ds === 'off',
      save_card: request.want_card_token,
    },
    customer: customerOf(request),
    ...(billing_address ? { billing_address: addressOf(billing_address) } : {}),
    additional_data: {
      browser: browserOf(request.browser),
      ...(request.recurring ? { contract: ['recurring'] } : {}),
      ...(request.initiator === 'merchant' ? { card_on_file: { initiator: 'merchant' } } : {}),
      ...simulationOf(request),
    },
  }
}

function url(name: string, value: string): object {
  return value !== '' && value.length <= 2048 ? { [name]: value } : {}
}

function numberOf({ card, customer, billing_address }: ChargeRequest): object {
  if (!card) return {}
  const { number, exp_month, exp_year, cvv } = card
  const holder = holderOf(card, customer.name ?? billing_address?.last_name ?? null)
  return { number, exp_month, exp_year, holder, ...(cvv ? { verification_value: cvv } : {}) }
}

/** The Card API wants a name where our merchants may have asked for none. */
function holderOf({ holder }: Card, name: string | null): string {
  return (holder?.trim() || name?.trim() || 'CARD HOLDER').slice(0, 32).toWellFormed()
}

function tokenOf({ card_token, cvv }: ChargeRequest): object {
  return { token: card_token, ...(cvv ? { verification_value: cvv } : {}) }
}

function customerOf({ customer, client_ip }: ChargeRequest): object {
  return fitting({ ip: [client_ip, 45], email: [customer.email, 255], phone: [customer.phone, 32] })
}

function addressOf(address: BillingAddress): object {
  const { country, zip } = address
  const us = country === 'US' && !/^\d{5}(-\d{4})?$/.test(zip ?? '')
  return fitting({
    first_name: [address.first_name, 64],
    last_name: [address.last_name, 64],
    country: [/^[A-Z]{2}$/.test(country ?? '') ? country : null, 2],
    city: [address.city, 64],
    state: [address.state, 64],
    zip: [us ? null : zip, 16],
    address: [address.address, 255],
    phone: [address.phone, 32],
  })
}

/** Without what is empty or longer than is taken. */
function fitting(fields: Readonly<Record<string, readonly [value: string | null, max: number]>>): object {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, [value, max]]) =>
      value !== null && value !== '' && value.length <= max ? [[name, value]] : [],
    ),
  )
}

/** Names of the Card API ← names of our checkout. A merchant's own request carries the former already. */
const browserNames = {
  screen_width: 'browser_screen_width',
  screen_height: 'browser_screen_height',
  screen_color_depth: 'browser_color_depth',
  language: 'browser_language',
  java_enabled: 'browser_java_enabled',
  user_agent: 'browser_user_agent',
  time_zone: 'browser_tz',
  time_zone_name: 'browser_tz_name',
  accept_header: 'browser_accept_header',
  window_width: 'browser_window_width',
  window_height: 'browser_window_height',
} as const

function browserOf(browser: ChargeRequest['browser']): object {
  return Object.fromEntries(
    Object.entries(browserNames).flatMap(([name, ours]) => {
      const value = browser[name] ?? browser[ours]
      return value === undefined || value === '' ? [] : [[name, value.slice(0, 1000).toWellFormed()]]
    }),
  )
}

/** What a test wants of this gateway is wanted of every gateway behind it: their numbers are others than ours. */
function simulationOf({ test_mode, simulation, gateway_id }: ChargeRequest): object {
  if (!test_mode || !simulation) return {}
  const { expected_code, scenario } = simulation
  const steps = scenario?.[String(gateway_id)] ?? scenario?.['*']
  return {
    ...(expected_code === null ? {} : { expected_bank_code: expected_code }),
    ...(steps === undefined ? {} : { test_scenario: { '*': steps } }),
  }
}
