/** The envelope of a request body: JSON:API, a bare `data`, or none. Merchant API contract 3.1. */
import type { JsonObject, JsonValue } from './json.ts'
import { messages } from './messages.ts'
import { InvalidFields } from './problem.ts'

/** A JSON object? An empty list counts as one: it is how several languages write an empty map. */
export function asObject(value: JsonValue | undefined): JsonObject | null {
  if (value === null || value === undefined || typeof value !== 'object' || JSON.isRawJSON(value)) return null
  if (Array.isArray(value)) return value.length === 0 ? {} : null
  return value
}

/**
 * The attributes of a body in any accepted form.
 * Another `type` than the given ones, or an envelope that is no object: InvalidFields. A missing type is fine.
 */
export function unwrapAttributes(body: JsonObject, types: readonly string[]): JsonObject {
  const { data } = body
  if (data === undefined || data === null) {
    checkType(body.type, types)
    return body
  }
  const resource = asObject(data)
  if (!resource) throw new InvalidFields({ data: messages.typeObject })
  checkType(resource.type, types)
  const { attributes } = resource
  if (attributes === undefined || attributes === null) return resource
  const unwrapped = asObject(attributes)
  if (!unwrapped) throw new InvalidFields({ attributes: messages.typeObject })
  return unwrapped
}

/** The attributes without any complaint: `{}` where the envelope is broken. For what is read before step 9 of the checks. */
export function peekAttributes(body: JsonObject): JsonObject {
  if (body.data === undefined || body.data === null) return body
  const resource = asObject(body.data)
  if (!resource) return {}
  if (resource.attributes === undefined || resource.attributes === null) return resource
  return asObject(resource.attributes) ?? {}
}

/** `data.id` of an envelope, or `null` when there is none. Another JSON type than text: InvalidFields. */
export function envelopeId(body: JsonObject): string | null {
  const id = asObject(body.data)?.id
  if (id === undefined || id === null) return null
  if (typeof id !== 'string') throw new InvalidFields({ id: messages.typeString })
  return id
}

function checkType(type: JsonValue | undefined, types: readonly string[]): void {
  if (type === undefined || type === null) return
  if (typeof type !== 'string') throw new InvalidFields({ type: messages.typeString })
  if (!types.includes(type)) throw new InvalidFields({ type: messages.notAChoice })
}
