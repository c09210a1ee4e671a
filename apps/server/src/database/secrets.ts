/** Encryption of secrets at rest (AES-256-GCM), keyed fingerprints and hashes. The key comes from the environment. */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'

/** All that needs the installation's secret key; the key itself stays in here. */
export type Secrets = {
  /** Encrypts text for a purpose; `purpose` must be the same to decrypt, so that a value cannot be moved to another column. */
  readonly encrypt: (text: string, purpose: string) => Buffer
  readonly decrypt: (encrypted: Uint8Array, purpose: string) => string
  /** The same for files. */
  readonly encryptBytes: (bytes: Uint8Array, purpose: string) => Buffer
  readonly decryptBytes: (encrypted: Uint8Array, purpose: string) => Buffer
  /** HMAC-SHA256 of a card number: the same card gives the same text, the number cannot be had back. */
  readonly cardFingerprint: (cardNumber: string) => string
  /** The same per shop, in hex: what a merchant may recognise a card by, and no two merchants compare. */
  readonly cardStamp: (shop_id: number, cardNumber: string) => string
  /** Key for session tokens of the card page (HS256). */
  readonly sessionKey: Buffer
  /** Key that the addresses of receipts are signed with. */
  readonly receiptKey: Buffer
  /** Text that signs the sessions of people at the dashboard. */
  readonly dashboardKey: string
  /** Repeatable secret text for the demo world: base64url characters. */
  readonly derive: (name: string, characters: number) => string
}

export function createSecrets(key: Buffer): Secrets {
  const sub = (name: string): Buffer => Buffer.from(hkdfSync('sha256', key, 'cascad', name, 32))
  const encryption = sub('encryption')
  // A key that is prepared once; bytes would be made one for every card.
  const fingerprint = createSecretKey(sub('fingerprint'))
  const stamp = createSecretKey(sub('card-stamp'))
  const encryptBytes = (bytes: Uint8Array, purpose: string): Buffer => {
    const iv = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', encryption, iv)
    cipher.setAAD(Buffer.from(purpose))
    const body = Buffer.concat([cipher.update(bytes), cipher.final()])
    return Buffer.concat([iv, cipher.getAuthTag(), body])
  }
  const decryptBytes = (encrypted: Uint8Array, purpose: string): Buffer => {
    const bytes = Buffer.from(encrypted.buffer, encrypted.byteOffset, encrypted.byteLength)
    const decipher = createDecipheriv('aes-256-gcm', encryption, bytes.subarray(0, 12))
    decipher.setAAD(Buffer.from(purpose))
    decipher.setAuthTag(bytes.subarray(12, 28))
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()])
  }
  return {
    encrypt: (text, purpose) => encryptBytes(Buffer.from(text, 'utf8'), purpose),
    decrypt: (encrypted, purpose) => decryptBytes(encrypted, purpose).toString('utf8'),
    encryptBytes,
    decryptBytes,
    cardFingerprint: (cardNumber) => createHmac('sha256', fingerprint).update(cardNumber).digest('base64url'),
    cardStamp: (shop_id, cardNumber) => createHmac('sha256', stamp).update(`${shop_id}:${cardNumber}`).digest('hex'),
    sessionKey: sub('card-session'),
    receiptKey: sub('receipt'),
    dashboardKey: sub('dashboard-session').toString('base64url'),
    derive: (name, characters) =>
      createHmac('sha512', sub('demo')).update(name).digest('base64url').slice(0, characters),
  }
}

/** Hash of an API key. The keys are 43 random characters, so a plain SHA-256 cannot be searched. */
export function hashKey(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}

/** Compares two hashes of equal length in constant time. */
export function sameHash(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}
