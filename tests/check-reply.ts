/** Holds a real answer against the OpenAPI document: the status must be described there, the body must fit its schema. */
import assert from 'node:assert/strict'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { parseJson } from '../apps/server/src/http/json.ts'

type Answer = { readonly status: number; readonly content_type: string | null; readonly body: string }
type Media = { readonly schema?: object }
type Response = { readonly $ref?: string; readonly content?: Readonly<Record<string, Media>> }
type Document = {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, Response>> }>>>
  >
  readonly components: { readonly responses: Readonly<Record<string, Response>> }
}

export type CheckReply = (method: string, url: string, answer: Answer) => void

/** `checkReply(method, url, answer)` throws an AssertionError that says what does not fit. */
/** `openapi`: what `GET /openapi.json` answers. */
export function createCheckReply(openapi: unknown): CheckReply {
  const document = openapi as Document
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  const forms = Object.keys(document.paths)
    .sort((a, b) => a.split('{').length - b.split('{').length)
    .map((path) => ({ path, form: formOf(path) }))

  return (method, url, { status, content_type, body }) => {
    const asked = url.split('?', 1)[0]!.replace(/(.)\/$/, '$1')
    const name = `${method} ${asked} → ${status}`
    const path = forms.find(({ form }) => form.test(asked) || form.test(`/api${asked}`))?.path
    assert.ok(path !== undefined, `${name}: the document does not know this path`)
    const operation = document.paths[path]?.[method === 'HEAD' ? 'get' : method.toLowerCase()]
    assert.ok(operation, `${name}: the document does not know this method`)
    const described = operation.responses[status] ?? operation.responses.default
    assert.ok(described, `${name}: the document does not know this status`)
    const response = described.$ref ? document.components.responses[described.$ref.split('/').at(-1)!] : described
    assert.ok(response, `${name}: ${described.$ref} leads nowhere`)
    if (!response.content) {
      assert.equal(body, '', `${name}: the document promises no body`)
      return
    }
    const type = (content_type ?? '').split(';', 1)[0]!
    const media = response.content[type]
    assert.ok(media, `${name}: ${type || 'no type'} instead of ${Object.keys(response.content).join(', ')}`)
    if (type !== 'application/json' || method === 'HEAD') return
    const validate = ajv.compile(media.schema ?? {})
    // Numbers are checked as numbers; what a double cannot hold is checked elsewhere.
    const value: unknown = JSON.parse(JSON.stringify(parseJson(body)))
    assert.ok(validate(value), `${name}: ${ajv.errorsText(validate.errors)}\n${body.slice(0, 2000)}`)
  }
}

function formOf(path: string): RegExp {
  const pattern = path
    .split('/')
    .map((part) => (part.startsWith('{') ? '[^/]+' : part.replace(/[.*+?^$()|[\]\\]/g, '\\$&')))
  return new RegExp(`^${pattern.join('/')}$`)
}
