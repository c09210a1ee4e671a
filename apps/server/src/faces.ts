import { cardApiFace } from './card-api/notify.ts'
import type { Face } from './payments/face.ts'
import type { PaymentSource } from './payments/payment.ts'

/** The faces of payments beside the merchant API, by the source of their payments. */
export const faces: ReadonlyMap<PaymentSource, Face> = new Map([['card_api', cardApiFace]])
