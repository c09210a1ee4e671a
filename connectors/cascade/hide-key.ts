/** The key of a connection is nobody's to read: not where a provider sends it back either. Contract, sections 15 and 16. */
import type { SendResult } from '@cascad/connector'

const hidden = '***'

/** The text without the key: as it is, and as JSON, an address, base64 and hexadecimal digits write it. */
export function hideKey(text: string, api_key: string): string {
  const bytes = Buffer.from(api_key)
  const inJson = JSON.stringify(api_key).slice(1, -1)
  const spelled = [inJson, encodeURIComponent(api_key), bytes.toString('base64'), bytes.toString('hex'), api_key]
  return spelled.reduce((all, one) => all.replaceAll(one, hidden), text)
}

/** The same result without the key in body, headers or detail; also when it comes late. */
export function withoutKey(result: SendResult, api_key: string): SendResult {
  if (result.type === 'response') {
    const headers = Object.entries(result.headers).map(([name, value]) => [name, hideKey(value, api_key)])
    return { ...result, headers: Object.fromEntries(headers), body: hideKey(result.body, api_key) }
  }
  const detail = hideKey(result.detail, api_key)
  if (result.type === 'not_sent' || !result.late) return { ...result, detail }
  return { ...result, detail, late: result.late.then((late) => withoutKey(late, api_key)) }
}
