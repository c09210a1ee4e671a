/** Payment methods of the starter directory: what a payer chooses from. */
import type { LocalText, PaymentMethod } from '../service.ts'

const method = (code: string, category: string, name: LocalText, logo: 'svg' | 'png' = 'svg'): PaymentMethod => ({
  code,
  category,
  description: '',
  name,
  logo: `/payment_methods/${code}/logo.${logo}`,
  icon: `/payment_methods/${code}/icon.svg`,
})

const named = (en: string, ru = en, uk = ru): LocalText => ({ en, ru, uk })

export const starterMethods: readonly PaymentMethod[] = [
  method('payment_card', 'payment_card', named('Payment card', 'Платежная карта', 'Платіжна карта')),
  method('test', 'alternative', named('Test', 'Тест', 'Тест'), 'png'),
  method('applepay', 'mobile_payment', named('Apple Pay')),
  method('googlepay', 'mobile_payment', named('Google Pay')),
  method('paypal', 'e_wallet', named('PayPal')),
  method('bank_transfer', 'bank_transfer', named('Bank transfer', 'Банковский перевод', 'Банківський переказ')),
  method('sepa', 'bank_transfer', named('SEPA transfer', 'Перевод SEPA', 'Переказ SEPA')),
  method('ideal', 'online_banking', named('iDEAL')),
  method('bancontact', 'online_banking', named('Bancontact')),
  method('przelewy24', 'online_banking', named('Przelewy24')),
  method('privat24', 'online_banking', named('Privat24', 'Приват24', 'Приват24')),
  method('blik', 'mobile_payment', named('BLIK')),
  method('mbway', 'mobile_payment', named('MB WAY')),
  method('swish', 'mobile_payment', named('Swish')),
  method('mpesa', 'mobile_payment', named('M-PESA')),
  method('kaspi', 'mobile_payment', named('Kaspi')),
  method('upi', 'mobile_payment', named('UPI')),
  method('pix', 'bank_transfer', named('Pix')),
  method(
    'sbp',
    'bank_transfer',
    named('Faster payments (SBP)', 'Система быстрых платежей', 'Система швидких платежів'),
  ),
  method('card_transfer', 'bank_transfer', named('Transfer to a card', 'Перевод на карту', 'Переказ на картку')),
  method('knet', 'online_banking', named('KNET')),
  method('konbini', 'cash', named('Konbini store', 'Магазин Konbini', 'Магазин Konbini')),
  method('bitcoin', 'crypto', named('Bitcoin', 'Биткойн', 'Біткоїн')),
]

export const starterPayoutMethods: readonly PaymentMethod[] = [
  {
    code: 'test',
    category: 'alternative',
    description: '',
    name: named('Test'),
    logo: '/payout_methods/test/logo.png',
    icon: '/payout_methods/test/icon.svg',
  },
]
