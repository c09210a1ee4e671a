/** What 3-D Secure found, in the fields an acquirer passes on. */
import { createHash, randomUUID } from 'node:crypto'
import type { Authentication, Result } from '../operations/operation.ts'
import type { AuthenticationWord } from './steps.ts'
import { declinedFor } from './test-cards.ts'

/** Electronic commerce indicator of a full, an attempted and a missing authentication, by network. */
const indicators = { mastercard: { Y: '02', A: '01', none: '00' }, other: { Y: '05', A: '06', none: '07' } } as const

/** `enrolled` false = the network stood in for an issuer that does not take part. */
export function authenticationOf(pa_status: AuthenticationWord, first6: string, enrolled = true): Authentication {
  const list = /^(5[1-5]|2[2-7]|520)/.test(first6) ? indicators.mastercard : indicators.other
  const xid = randomUUID()
  const proven = pa_status === 'Y' || pa_status === 'A'
  return {
    ve_status: enrolled ? 'Y' : 'N',
    pa_status,
    eci: pa_status === 'C' ? null : proven ? list[pa_status] : list.none,
    xid,
    cavv: proven ? createHash('sha1').update(xid).digest('base64') : null,
    cavv_algorithm: proven ? '2' : null,
  }
}

/** The decline that follows from a failed authentication; `null` = the payment goes on. */
export function failedAuthentication(pa_status: AuthenticationWord): Result | null {
  const reason = { N: '3011', R: '3012', U: '3006', Y: null, A: null, C: null }[pa_status]
  return reason === null ? null : declinedFor(reason, null)
}
