import { type Static, Type } from 'typebox'

/** A shop of the other installation, as its operator hands it over. */
export const credentials = Type.Object(
  {
    base_url: Type.String({ title: 'Base URL', pattern: '^https?://', maxLength: 500 }),
    shop_id: Type.String({ title: 'Shop id', pattern: '^[1-9][0-9]{0,8}$' }),
    secret: Type.String({ title: 'Secret key', minLength: 1, maxLength: 500, secret: true }),
    /** Base64 of the DER form, one line. Public, but who could replace it could forge notifications. */
    public_key: Type.String({ title: 'Public key', pattern: '^[A-Za-z0-9+/]+={0,2}$', maxLength: 2000, secret: true }),
  },
  { additionalProperties: false },
)

export type Credentials = Static<typeof credentials>
