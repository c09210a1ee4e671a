/** One call of the dashboard's API. Every failure is an `ApiFailure`, also that of the network. */
import type { ErrorDocument, Mode } from '../../../server/src/provider-api/documents.ts'

export class ApiFailure extends Error {
  /** 0 = the server was not reached. */
  readonly status: number
  readonly code: string
  /** What is wrong with single fields, by dotted path. */
  readonly fields: Readonly<Record<string, string>>
  /** After how long to try again, when that was said. */
  readonly wait_s: number | null

  constructor(
    status: number,
    code: string,
    message: string,
    fields: Readonly<Record<string, string>> = {},
    wait_s: number | null = null,
  ) {
    super(message)
    this.name = 'ApiFailure'
    this.status = status
    this.code = code
    this.fields = fields
    this.wait_s = wait_s
  }
}

export type Query = Readonly<Record<string, string | undefined>>

type Options = {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH'
  readonly query?: Query | undefined
  readonly body?: unknown
  /** Instead of `body`: JSON as it is to be sent. */
  readonly json?: string
  readonly signal?: AbortSignal | undefined
}

const prefix = '/provider-api'

/** The address of a document or a file; parameters that are empty are left out. */
export function addressOf(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => Boolean(pair[1]))
  const text = new URLSearchParams(given).toString()
  return `${prefix}${path}${text === '' ? '' : `?${text}`}`
}

export async function callApi<Document>(path: string, options: Options = {}): Promise<Document> {
  const { method = 'GET', query, body, json, signal } = options
  const answer = await reach(addressOf(path, query), {
    method,
    headers: { accept: 'application/json', ...(method === 'GET' ? {} : { 'content-type': 'application/json' }) },
    ...(method === 'GET' ? {} : { body: json ?? JSON.stringify(body ?? {}) }),
    ...(signal ? { signal } : {}),
  })
  const document: unknown = await answer.json().catch(() => null)
  if (answer.ok && document !== null) return document as Document
  throw failureOf(answer, document)
}

/** A file that is made as a whole; what refuses it is JSON as everywhere. */
export async function fetchFile(path: string, query: Query): Promise<Blob> {
  const answer = await reach(addressOf(path, query), {})
  if (!answer.ok) throw failureOf(answer, await answer.json().catch(() => null))
  return answer.blob().catch((error: unknown) => {
    throw new ApiFailure(0, 'not_reached', String(error))
  })
}

async function reach(address: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(address, options)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiFailure(0, 'not_reached', String(error))
  }
}

function failureOf({ status, headers }: Response, document: unknown): ApiFailure {
  const { error } = (document ?? {}) as Partial<ErrorDocument>
  const wait = headers.get('retry-after') ?? ''
  if (error === undefined) return new ApiFailure(status, status === 200 ? 'unreadable' : `http_${status}`, '')
  return new ApiFailure(status, error.code, error.message, error.fields, /^\d{1,6}$/.test(wait) ? Number(wait) : null)
}

/** Live is what the API takes by itself. */
export function modeQuery(mode: Mode): Query {
  return { mode: mode === 'test' ? 'test' : undefined }
}
