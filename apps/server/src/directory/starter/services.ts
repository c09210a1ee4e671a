/** Services of the starter directory: a method in a currency, with the fields the payer fills in and the limits. */
import type { ServiceField, ServiceFlow } from '../service.ts'
import {
  accountNumberField,
  bankCodeField,
  blikCodeField,
  emailField,
  ibanField,
  japanesePhone,
  kazakhPhone,
  kenyanPhone,
  payoutTestFields,
  portuguesePhone,
  russianPhone,
  statusField,
  swedishPhone,
  taxpayerField,
  ukrainianPhone,
  upiAddressField,
} from './fields.ts'

/** Limits as decimal text in the currency of the service. */
export type StarterService = {
  readonly code: string
  readonly method: string
  readonly currency: string
  readonly fields: readonly ServiceField[]
  readonly amount_min: string
  readonly amount_max: string
}

export type StarterPaymentService = StarterService & { readonly flow: ServiceFlow }

function service(
  method: string,
  currency: string,
  flow: ServiceFlow,
  fields: readonly ServiceField[] = [],
  amount_min = '0.01',
  amount_max = '1000000',
): StarterPaymentService {
  return { code: `${method}_${currency.toLowerCase()}_${flow}`, method, currency, flow, fields, amount_min, amount_max }
}

const cards = 'USD EUR GBP UAH RUB KZT PLN BRL INR CHF CZK SEK NOK DKK HUF RON TRY CAD AUD MXN AED XTS'
const testCurrencies = 'USD UAH EUR BTC ETH XTS'
const invoiceCurrencies = 'UAH USD EUR GBP'

export const starterPaymentServices: readonly StarterPaymentService[] = [
  ...cards.split(' ').map((currency) => service('payment_card', currency, 'hpp')),
  service('payment_card', 'JPY', 'hpp', [], '1', '100000000'),
  service('payment_card', 'KWD', 'hpp', [], '0.001', '300000'),
  ...testCurrencies.split(' ').map((currency) => service('test', currency, 'test', [statusField], '0.01', '9999999')),
  ...invoiceCurrencies.split(' ').map((currency) => service('test', currency, 'invoice', [], '0.01', '9999999')),
  service('applepay', 'USD', 'hpp'),
  service('applepay', 'EUR', 'hpp'),
  service('googlepay', 'USD', 'hpp'),
  service('googlepay', 'EUR', 'hpp'),
  service('paypal', 'USD', 'hpp', [], '0.01', '60000'),
  service('paypal', 'EUR', 'hpp', [], '0.01', '60000'),
  service('bank_transfer', 'USD', 'hpp', [accountNumberField], '1', '1000000'),
  service('sepa', 'EUR', 'hpp', [ibanField], '1', '1000000'),
  service('ideal', 'EUR', 'hpp', [bankCodeField], '0.1', '50000'),
  service('bancontact', 'EUR', 'hpp', [], '0.5', '10000'),
  service('przelewy24', 'PLN', 'hpp', [emailField], '0.01', '50000'),
  service('privat24', 'UAH', 'hpp', [ukrainianPhone], '1', '100000'),
  service('blik', 'PLN', 'hpp', [blikCodeField], '0.01', '50000'),
  service('mbway', 'EUR', 'hpp', [portuguesePhone], '0.5', '5000'),
  service('swish', 'SEK', 'hpp', [swedishPhone], '1', '150000'),
  service('mpesa', 'KES', 'hpp', [kenyanPhone], '10', '250000'),
  service('kaspi', 'KZT', 'hpp', [kazakhPhone], '100', '1000000'),
  service('upi', 'INR', 'hpp', [upiAddressField], '1', '100000'),
  service('pix', 'BRL', 'hpp', [taxpayerField], '0.5', '100000'),
  service('sbp', 'RUB', 'hpp', [russianPhone], '1', '1000000'),
  service('card_transfer', 'RUB', 'invoice', [], '100', '500000'),
  service('sbp', 'RUB', 'invoice', [], '100', '500000'),
  service('bank_transfer', 'RUB', 'invoice', [], '100', '1000000'),
  service('knet', 'KWD', 'hpp', [], '0.1', '10000'),
  service('konbini', 'JPY', 'hpp', [japanesePhone], '120', '300000'),
  service('bitcoin', 'BTC', 'hpp', [], '0.00001', '100'),
]

export const starterPayoutServices: readonly StarterService[] = [
  {
    code: 'test_usd',
    method: 'test',
    currency: 'USD',
    fields: payoutTestFields,
    amount_min: '0.01',
    amount_max: '9999999',
  },
]
