import { type Static, Type } from 'typebox'

/** One endpoint of a provider, as its owner and the operator agree on it. Source: Cascade API contract, section 1.1. */
export const credentials = Type.Object(
  {
    endpoint_url: Type.String({ title: 'Endpoint URL', pattern: '^https?://[^/?#@]+([/?#]|$)', maxLength: 500 }),
    api_key: Type.String({ title: 'API key', pattern: '^[\\x21-\\x7e]{16,256}$', secret: true }),
    /** Spelling of the event's name: `CascadeEvents.CREATE_PAYMENT` or `CREATE_PAYMENT`. */
    event_form: Type.Optional(Type.Enum(['prefixed', 'bare'], { title: 'Event spelling' })),
    /** How long a payment stays payable. */
    window_minutes: Type.Optional(Type.Integer({ title: 'Window, minutes', minimum: 5, maximum: 1440 })),
    /** How long the whole answer to CREATE_PAYMENT may take. */
    create_timeout_s: Type.Optional(Type.Integer({ title: 'Answer limit, seconds', minimum: 1, maximum: 60 })),
    /** Card numbers with a wrong check digit are a breach of the contract and not only a doubt. */
    require_luhn: Type.Optional(Type.Boolean({ title: 'Check digit required' })),
  },
  { additionalProperties: false },
)

export type Credentials = Static<typeof credentials>
