/** The document of the whole product: valid, complete, and no route without a reply schema. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { createCheckReply } from '../../../../tests/check-reply.ts'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { routeModules } from '../route-modules.ts'
import type { Operation } from './openapi-document.ts'
import { createServer } from './server.ts'

type Parameter = { readonly name: string; readonly in: string; readonly required?: boolean; readonly schema: object }
type Media = { readonly schema?: object }
type Response = { readonly description?: string; readonly $ref?: string; readonly content?: Record<string, Media> }
type Described = Operation & {
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Record<string, Media> }
  readonly security?: readonly Record<string, unknown>[]
}
type Document = {
  readonly openapi: string
  readonly paths: Record<string, Record<string, Described>>
  readonly components: {
    readonly responses: Record<string, Response>
    readonly securitySchemes: Record<string, unknown>
  }
}

let t: TestContext
let app: FastifyInstance
const routes: RouteOptions[] = []
let document: Document
let operations: [string, Described][]

before(async () => {
  t = await testContext()
  app = await createServer(t.ctx, [
    (server) => server.addHook('onRoute', (route) => void routes.push(route)),
    ...routeModules(t.ctx.config),
  ])
  document = (await app.inject('/openapi.json')).json()
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Described] => [`${method} ${path}`, operation]),
  )
})
after(async () => {
  await app.close()
  await t.close()
})

test('every route has a summary and a schema for its reply', () => {
  assert.ok(routes.length > 40)
  for (const { method, url, schema } of routes) {
    const name = `${method} ${url}`
    const responses = Object.keys((schema?.response ?? {}) as object)
    assert.ok(schema?.summary, `${name} has no summary`)
    assert.ok(
      responses.some((status) => /^[23]/.test(status)),
      `${name} has no schema of its reply`,
    )
  }
})

test('the private API stands in the document once, with its prefix', () => {
  const hidden = routes.filter(({ schema }) => (schema as { hide?: boolean }).hide).map(({ url }) => url)
  assert.ok(hidden.length > 5)
  for (const url of hidden)
    assert.ok(
      routes.some((route) => route.url === `/api${url}`),
      `${url} is hidden without a double`,
    )
})

test('the document is OpenAPI 3.1 in form: what must be there is there, every reference leads somewhere', () => {
  assert.equal(document.openapi, '3.1.0')
  const names = operations.map(([, { operationId }]) => operationId)
  assert.equal(new Set(names).size, names.length, 'names of operations are unique')
  for (const [name, operation] of operations) {
    assert.ok(operation.summary && operation.tags?.length, `${name}: summary and tag`)
    const responses = Object.entries(operation.responses ?? {}) as [string, Response][]
    assert.ok(
      responses.some(([status]) => /^[45]|default/.test(status)),
      `${name}: an error`,
    )
    for (const [status, response] of responses) {
      assert.match(status, /^([1-5]\d\d|default)$/)
      const found = response.$ref
        ? document.components.responses[response.$ref.replace('#/components/responses/', '')]
        : response
      assert.ok(found?.description, `${name} ${status}: a description`)
    }
    for (const requirement of operation.security ?? []) {
      for (const scheme of Object.keys(requirement))
        assert.ok(document.components.securitySchemes[scheme], `${name}: ${scheme}`)
    }
    const inPath = [...name.matchAll(/\{([^}]+)\}/g)].map((match) => match[1])
    const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path')
    assert.deepEqual(
      declared.map((parameter) => parameter.name),
      inPath,
      `${name}: parameters of the path`,
    )
    assert.ok(
      declared.every((parameter) => parameter.required),
      `${name}: parameters of the path are required`,
    )
  }
})

test('every schema in the document is valid JSON Schema 2020-12', () => {
  const ajv = new Ajv2020({ strict: false })
  addFormats.default(ajv)
  const schemas = operations.flatMap(([name, operation]) => [
    ...(operation.parameters ?? []).map(({ schema }): [string, object | undefined] => [name, schema]),
    ...Object.values(operation.requestBody?.content ?? {}).map(({ schema }): [string, object | undefined] => [
      name,
      schema,
    ]),
    ...(Object.values(operation.responses ?? {}) as Response[]).flatMap(({ content }) =>
      Object.values(content ?? {}).map(({ schema }): [string, object | undefined] => [name, schema]),
    ),
  ])
  for (const { content } of Object.values(document.components.responses)) {
    for (const { schema } of Object.values(content ?? {})) schemas.push(['components', schema])
  }
  assert.ok(schemas.length > 50)
  for (const [name, schema] of schemas) {
    assert.ok(schema, `${name}: a body without a schema`)
    assert.ok(ajv.validateSchema(schema), `${name}: ${ajv.errorsText(ajv.errors)}`)
    ajv.compile(schema)
  }
})

test('the checker of replies accepts what the document promises and refuses the rest', async () => {
  const check = createCheckReply(document)
  const live = await app.inject('/health/live')
  const content_type = String(live.headers['content-type'])
  check('GET', '/health/live/?x=1', { status: 200, content_type, body: live.body })
  const wrong: [string, string, { status: number; content_type: string | null; body: string }][] = [
    ['GET', '/health/live', { status: 200, content_type, body: '{"status":"bad"}' }],
    ['GET', '/health/live', { status: 418, content_type, body: live.body }],
    ['GET', '/health/live', { status: 200, content_type: 'text/html', body: live.body }],
    ['POST', '/health/live', { status: 200, content_type, body: live.body }],
    ['GET', '/nowhere', { status: 200, content_type, body: live.body }],
    [
      'GET',
      '/payment-services',
      { status: 401, content_type, body: '{"errors":[{"status":"Unauthorized","code":401}]}' },
    ],
    ['GET', '/payment-services', { status: 401, content_type, body: '{"errors":{"a":"b"}}' }],
  ]
  for (const [method, url, answer] of wrong)
    assert.throws(() => check(method, url, answer), assert.AssertionError, `${method} ${url}`)
})

test('/docs shows the document with nothing from elsewhere', async () => {
  const page = await app.inject('/docs/')
  assert.equal(page.statusCode, 200)
  assert.match(String(page.headers['content-security-policy']), /^default-src 'none'; script-src 'self';/)
  const sources = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!)
  assert.ok(sources.length > 2)
  for (const source of sources) {
    assert.ok(!/^(https?:)?\/\//.test(source), source)
    const file = await app.inject(new URL(source, 'http://localhost/docs/').pathname)
    assert.equal(file.statusCode, 200, source)
  }
  assert.doesNotMatch(page.body, /<script[^>]*>[^<\s]/, 'no script inside the page')
})
