/** Finishes the generated OpenAPI document: names for operations, errors written once, a tag list. Pure. */

type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
type JsonObject = { [key: string]: Json }

export type Operation = JsonObject & {
  summary?: string
  operationId?: string
  tags?: string[]
  responses?: { [status: string]: JsonObject }
}

export type OpenApiDocument = {
  openapi: string
  paths: { [path: string]: { [method: string]: Operation } }
  components?: { responses?: { [name: string]: JsonObject }; [part: string]: Json | undefined }
  tags?: { name: string }[]
  [part: string]: unknown
}

/** Every operation can meet a wrong method or a fault of ours, also those that name no error of their own. */
const anyError: JsonObject = {
  description: 'An error: a page for browsers, else a problem',
  content: {
    'application/json': { schema: { type: 'object', required: ['errors'], properties: { errors: {} } } },
    'text/html': { schema: { type: 'string' } },
  },
}

/** Returns the finished document; the given one is not changed. */
export function finishDocument(generated: OpenApiDocument): OpenApiDocument {
  const document = structuredClone(generated)
  const responses: { [name: string]: JsonObject } = { AnyError: anyError }
  const tags = new Set<string>()
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      operation.operationId ??= operationName(method, path)
      for (const tag of operation.tags ?? []) tags.add(tag)
      operation.responses = withErrorsByName(operation.responses ?? {}, responses)
    }
  }
  document.components = { ...document.components, responses }
  document.tags = [...tags].map((name) => ({ name }))
  return document
}

function withErrorsByName(
  sent: { [status: string]: JsonObject },
  named: { [name: string]: JsonObject },
): { [status: string]: JsonObject } {
  const responses: { [status: string]: JsonObject } = {}
  let errors = 0
  for (const [status, response] of Object.entries(sent)) {
    if (!/^[45]/.test(status)) {
      responses[status] = response
      continue
    }
    errors += 1
    const name = `Error${status}`
    named[name] ??= response
    const same = JSON.stringify(named[name]) === JSON.stringify(response)
    responses[status] = same ? { $ref: `#/components/responses/${name}` } : response
  }
  if (errors === 0) responses.default = { $ref: '#/components/responses/AnyError' }
  return responses
}

/** `get /api/payment-invoices/{id}` → `getPaymentInvoicesById`. */
function operationName(method: string, path: string): string {
  const words = path
    .replace(/^\/api\//, '/')
    .replaceAll(/\{([^}]*)\}/g, 'by-$1')
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean)
  return method + words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('')
}
