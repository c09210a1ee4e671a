import type { Context } from '../context.ts'
import { checkTargetUrl } from '../http/target-guard.ts'
import type { SentFile } from './appeal.ts'
import { type FileFault, fileBytesMax, isFileType, readFileType } from './rules/file-type.ts'

const connect_timeout_ms = 3_000
const answer_timeout_ms = 10_000

export type FetchedReceipt =
  | { readonly fetched: true; readonly receipt: SentFile }
  | { readonly fetched: false; readonly why: FileFault | 'url_refused' | 'not_fetched' }

/**
 * A receipt that a merchant has somewhere on the web, as a file of ours: it is fetched once, now, from a public address, without
 * following redirects. What the provider will be shown is our copy of it, so it cannot change afterwards.
 */
export async function fetchReceipt(
  ctx: Pick<Context, 'sender' | 'config'>,
  url: string,
  test_mode: boolean,
): Promise<FetchedReceipt> {
  const allow_private = ctx.config.allow_private_targets
  if (checkTargetUrl(url, { test_mode, allow_private }) !== 'ok') return { fetched: false, why: 'url_refused' }
  const answer = await ctx.sender.send({
    method: 'GET',
    url,
    connect_timeout_ms,
    read_timeout_ms: answer_timeout_ms,
    total_timeout_ms: connect_timeout_ms + answer_timeout_ms,
    response_bytes_max: fileBytesMax,
    guard: 'public',
    bytes: true,
  })
  if (answer.type === 'unknown' && answer.detail === 'response_too_large')
    return { fetched: false, why: 'receipt_too_big' }
  if (answer.type !== 'response' || answer.status !== 200) return { fetched: false, why: 'not_fetched' }
  const bytes = Buffer.from(answer.body, 'latin1')
  const type = readFileType(bytes)
  if (!isFileType(type)) return { fetched: false, why: type }
  return { fetched: true, receipt: { name: nameIn(url), bytes } }
}

/** The last part of the address, which may name the file. */
function nameIn(url: string): string {
  const last = new URL(url).pathname.split('/').at(-1) ?? ''
  return last === '' ? 'receipt' : last.slice(-255)
}
