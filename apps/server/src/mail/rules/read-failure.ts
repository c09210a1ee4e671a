/** What a mail server's answer says about trying again. RFC 5321, 4.2.1: 4xx = not now, 5xx = never. */

export type SendingError = {
  /** `EENVELOPE` and `EMESSAGE` are answers about this mail, the others are about the way to the server. */
  readonly code: string | null
  readonly response_code: number | null
}

/** Our login or the connection is wrong, not the mail: whoever runs this mends it, and the mail goes out. RFC 4954, 6. */
const ours: ReadonlySet<number> = new Set([530, 534, 535, 538])

/** Will the server never take this mail? */
export function isPermanent({ code, response_code }: SendingError): boolean {
  if (response_code === null || ours.has(response_code)) return false
  return (code === 'EENVELOPE' || code === 'EMESSAGE') && response_code >= 500 && response_code < 600
}
