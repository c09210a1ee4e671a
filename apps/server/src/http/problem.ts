/**
 * Everything that can go wrong for a caller, in one table: HTTP status, public text, and nothing private.
 * Shapes: merchant API contract, section 4. `detail` of a 4xx is meant for the caller; what is private goes to the log.
 */
const statusTexts = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  410: 'Gone',
  413: 'Payload Too Large',
  429: 'Too Many Requests',
  500: 'internal_error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
} as const

export type ProblemStatus = keyof typeof statusTexts

export type ProblemBody = {
  errors: { status: string; code: string; title?: string; detail?: string }[]
}

/** A refusal with a status of its own. Thrown by use cases and routes, turned into a reply in one place. */
export class Problem extends Error {
  readonly status: ProblemStatus
  readonly title: string | undefined
  readonly detail: string | undefined
  readonly headers: Readonly<Record<string, string>>

  constructor(status: ProblemStatus, cause?: { title?: string; detail?: string; headers?: Record<string, string> }) {
    super(`${status} ${cause?.title ?? statusTexts[status]}`)
    this.name = 'Problem'
    this.status = status
    this.title = cause?.title
    this.detail = cause?.detail
    this.headers = cause?.headers ?? {}
  }

  body(): ProblemBody {
    return problemBody(this.status, this.title, this.detail)
  }
}

/** The body of an error answer in the contract's form. */
export function problemBody(status: ProblemStatus, title?: string, detail?: string): ProblemBody {
  if (status === 500) {
    return {
      errors: [{ status: 'internal_error', code: '500', title: 'internal_error', detail: 'Internal server error.' }],
    }
  }
  return {
    errors: [
      { status: statusTexts[status], code: String(status), ...(title ? { title } : {}), ...(detail ? { detail } : {}) },
    ],
  }
}

/** 422: one message per field, all fields at once. Keys are dotted paths from the attributes root. */
export class InvalidFields extends Error {
  readonly fields: Readonly<Record<string, string>>

  constructor(fields: Record<string, string>) {
    super(`422 ${Object.keys(fields).join(', ')}`)
    this.name = 'InvalidFields'
    this.fields = fields
  }
}

/** 409: the caller gets the resource as it stands. `document` is the finished body. */
export class Conflict extends Error {
  readonly document: unknown

  constructor(document: unknown) {
    super('409 Conflict')
    this.name = 'Conflict'
    this.document = document
  }
}
