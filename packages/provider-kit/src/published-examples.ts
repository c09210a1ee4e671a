/** The examples of the published Cascade API, byte for byte, for the tests of both sides. */
import type { EventName } from './events.ts'

type Example = { readonly request: string; readonly answer: string | null }

export const publishedExamples: Readonly<Record<EventName, Example>> = {
  CREATE_PAYMENT: {
    request: `{
"event": "CascadeEvents.CREATE_PAYMENT",
"data": {
"amount": 3900.00,
"method": "card",
"currencyRate": 85.5,
"currency": "RUB",
"transactionWindowInMin": 30
}
}`,
    answer: `{
"id": "your-unique-transaction-id",
"status": "pending",
"bank": "Sberbank",
"owner": "Ivan Ivanov",
"cardNumber": "5363 5423 1029 7979"
}`,
  },
  GET_PAYMENT: {
    request: `{
"event": "CascadeEvents.GET_PAYMENT",
"data": { "id": "uniq-id" }
}`,
    answer: `{ "status": "success" }`,
  },
  CANCEL_PAYMENT: {
    request: `{
"event": "CascadeEvents.CANCEL_PAYMENT",
"data": { "id": "uniq-id" }
}`,
    answer: null,
  },
  CREATE_APPEAL: {
    request: `{
"event": "CascadeEvents.CREATE_APPEAL",
"data": { "id": "uniq-id", "amount": 4000, "url": "http://exampel.com/example.pdf" }
}`,
    answer: `{ "appealId": "string" }`,
  },
  CANCEL_APPEAL: {
    request: `{
"event": "CascadeEvents.CANCEL_APPEAL",
"data": { "id": "appealId" }
}`,
    answer: null,
  },
  CONFIRM_APPEAL: {
    request: `{
"event": "CascadeEvents.CONFIRM_APPEAL",
"data": { "id": "appealId" }
}`,
    answer: null,
  },
}
