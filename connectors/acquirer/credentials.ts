import { type Static, Type } from 'typebox'

/** What an operator gives to a gateway of this acquirer. */
export const credentials = Type.Object(
  {
    base_url: Type.String({ title: 'Base URL', pattern: '^https?://', maxLength: 500 }),
    terminal: Type.String({ title: 'Terminal', pattern: '^[A-Za-z0-9_-]{1,64}$' }),
    api_key: Type.String({ title: 'API key', minLength: 1, maxLength: 500, secret: true }),
    webhook_secret: Type.String({ title: 'Webhook secret', minLength: 1, maxLength: 500, secret: true }),
  },
  { additionalProperties: false },
)

export type Credentials = Static<typeof credentials>
