import { type Static, Type } from 'typebox'

/** What an operator gives to a gateway of Stripe. */
export const credentials = Type.Object(
  {
    secret_key: Type.String({ title: 'Secret key (sk_… or rk_…)', pattern: '^[\\x21-\\x7e]{8,500}$', secret: true }),
    webhook_secret: Type.String({ title: 'Signing secret (whsec_…)', pattern: '^[\\x21-\\x7e]{8,500}$', secret: true }),
    base_url: Type.Optional(
      Type.String({ title: 'Base URL, when not https://api.stripe.com', pattern: '^https?://', maxLength: 500 }),
    ),
    account: Type.Optional(Type.String({ title: 'Connected account (acct_…)', pattern: '^acct_[A-Za-z0-9]{1,100}$' })),
  },
  { additionalProperties: false },
)

export type Credentials = Static<typeof credentials>
