import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import Fastify, { type FastifyInstance } from 'fastify'
import { problemOf } from './answer-error.ts'
import { createLimits } from './rate-limit.ts'
import { acceptBodies, setContentTypeAside } from './request-body.ts'
import { isUpload, readUpload, uploadRoutes } from './upload.ts'
import { createUploadSlots } from './upload-slots.ts'

let app: FastifyInstance
before(async () => {
  app = Fastify({ bodyLimit: 1000 })
  app.decorate('limits', createLimits({ enabled: false, now: () => new Date() }))
  app.decorate('upload_slots', createUploadSlots())
  acceptBodies(app)
  app.addHook('onRequest', async (request) => setContentTypeAside(request))
  app.setErrorHandler((error, _request, reply) => reply.code(problemOf(error).status).send('refused'))
  uploadRoutes(app, 20_000, (inner) => {
    inner.post('/upload', async (request) => {
      const { fields, files } = await readUpload(request)
      const told = Object.entries(files).map(([key, { name, bytes }]) => [key, name, [...bytes]])
      return { fields, files: told, upload: isUpload(request) }
    })
  })
  app.post('/plain', async (request) => ({ body: request.body }))
  await app.ready()
})
after(() => app.close())

async function send(form: FormData | string, type?: string) {
  const request = new Request('http://x/upload', {
    method: 'POST',
    body: form,
    ...(type ? { headers: { 'content-type': type } } : {}),
  })
  const payload = Buffer.from(await request.arrayBuffer())
  const headers = { 'content-type': request.headers.get('content-type') ?? '' }
  const answer = await app.inject({ method: 'POST', url: '/upload', headers, payload })
  return { status: answer.statusCode, body: answer.statusCode === 200 ? answer.json() : null }
}

describe('a form with a file', () => {
  it('keeps every byte and every letter', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i)
    const form = new FormData()
    form.set('comment', 'Дякую\nза все')
    form.set('receipt', new File([bytes], 'чек №1.pdf'))
    const { body } = await send(form)
    assert.deepEqual(body.fields, { comment: 'Дякую\nза все'.replace('\n', '\r\n') })
    assert.deepEqual(body.files, [['receipt', 'чек №1.pdf', [...bytes]]])
    assert.equal(body.upload, true)
  })

  it('a file input that was left empty brings no file', async () => {
    const form = new FormData()
    form.set('receipt', new File([], ''))
    assert.deepEqual((await send(form)).body.files, [])
  })

  it('a name cannot reach a prototype, and the first of several counts', async () => {
    const form = new FormData()
    form.append('__proto__', 'x')
    form.append('a', '1')
    form.append('a', '2')
    assert.deepEqual(Object.entries((await send(form)).body.fields), [
      ['__proto__', 'x'],
      ['a', '1'],
    ])
  })

  const wrong: [string, string, string?][] = [
    ['text', 'hello', 'text/plain'],
    ['no boundary', 'hello', 'multipart/form-data'],
    ['nothing of the boundary', 'hello', 'multipart/form-data; boundary=abc'],
    [
      'a part without end',
      '--abc\r\ncontent-disposition: form-data; name="a"\r\n\r\nx',
      'multipart/form-data; boundary=abc',
    ],
    ['too many parts', '--abc\r\n'.repeat(60), 'multipart/form-data; boundary=abc'],
    [
      'too many parts behind a boundary that is none',
      `${'--abc\r\ncontent-disposition: form-data; name="a"\r\n\r\n\r\n'.repeat(60)}--abc--\r\n`,
      'multipart/form-data; x="; boundary=zzz"; boundary=abc',
    ],
  ]
  for (const [name, body, type] of wrong) {
    it(`${name}: 400`, async () => assert.equal((await send(body, type)).status, 400))
  }

  it('more bytes than allowed: 413, and only here', async () => {
    const form = new FormData()
    form.set('receipt', new File([new Uint8Array(25_000)], 'a.pdf'))
    assert.equal((await send(form)).status, 413)
    const plain = await app.inject({ method: 'POST', url: '/plain', payload: 'x'.repeat(2000) })
    assert.equal(plain.statusCode, 413)
  })
})
