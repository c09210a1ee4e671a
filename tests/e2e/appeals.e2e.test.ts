/** Appeals over HTTP: the merchant's API, the provider's dashboard API, receipts by their signed addresses. Cascade API 11, 12; B15, B17. */
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, describe, it, test } from 'node:test'
import { demoProviders } from '../../apps/server/demo/providers.ts'
import { sampleFiles } from '../../apps/server/src/appeals/sample-files.ts'
import { receiptUrl } from '../../apps/server/src/appeals/sign-receipt.ts'
import { type Browser, signIn } from '../../apps/server/src/provider-api/sample-people.ts'
import { appealCalls, appealWish } from '../appeal-calls.ts'
import { until } from '../product/time.ts'
import { type Answer, startWorld, type World } from '../world.ts'

let world: World
let call: Awaited<ReturnType<typeof appealCalls>>['call']
let failed: Awaited<ReturnType<typeof appealCalls>>['failed']
let check: Awaited<ReturnType<typeof appealCalls>>['check']
const browsers = new Map<string, Browser>()
before(async () => {
  world = await startWorld()
  ;({ call, failed, check } = await appealCalls(world))
  const credentials = (await (await fetch(`${world.url}/demo/credentials.json`)).json()) as Answer
  for (const { desk, id } of demoProviders) {
    const { login, password } = credentials.providers.find((one: Answer) => one.id === id)
    browsers.set(desk, await signIn(world.url, { email: login, password }))
  }
})
after(() => world.close())

const pngName = { name: 'screen.png', content: Buffer.from(sampleFiles.png).toString('base64') }
const evidence = { name: 'statement.pdf', content_base64: Buffer.from(sampleFiles.pdf).toString('base64') }

const wish = appealWish

async function reaches(path: string, id: string, status: string): Promise<Answer> {
  await until(
    `${id} is ${status}`,
    async () => (await call('GET', `${path}/${id}`, 200)).data.attributes.status === status,
  )
  return (await call('GET', `${path}/${id}`, 200)).data.attributes
}

describe('a merchant and a provider over an appeal', () => {
  it('opened, refused with evidence, contested', async () => {
    const { path, desk, attempt_id } = await failed()
    const created = await call('POST', path, 201, wish())
    const { id, attributes } = created.data
    assert.deepEqual(
      [attributes.status, attributes.amount, attributes.original_amount, attributes.opened_by, attributes.attempt_id],
      ['opened', 3900, 3900, 'merchant', attempt_id],
    )
    const conflict = await call('POST', path, 409, wish())
    assert.deepEqual([conflict.meta.code, conflict.data.id], ['appeal_exists', id])
    await reaches(path, id, 'submitted')

    const browser = browsers.get(desk) as Browser
    const row = (await browser.get('/appeals?mode=test&state=submitted')).body.appeals.find(
      (one: Answer) => one.id === id,
    )
    assert.deepEqual([row.amount, row.difference, row.currency], ['3900.00', '0.00', 'RUB'])
    assert.ok((await browser.get('/overview?mode=test')).body.appeals.open >= 1)
    const seen = (await browser.get(`/appeals/${id}`)).body
    assert.deepEqual([seen.may_reject, seen.frozen, seen.payment.attempt_id], [true, '45.614036', attempt_id])
    assert.deepEqual(
      seen.thread.map(({ from, text }: Answer) => [from, text]),
      [['opener', 'He has a receipt.']],
    )
    const file = await browser.get(`/appeals/${id}/files/${seen.receipt.receipt_id}`)
    assert.deepEqual(
      [file.status, file.headers.get('content-type'), file.text],
      [200, 'application/pdf', Buffer.from(sampleFiles.pdf).toString()],
    )

    const exe = { ...evidence, content_base64: Buffer.from(sampleFiles.exe).toString('base64') }
    const wrong = await browser.post(`/appeals/${id}/reject`, { reason: 'payment_not_found', evidence: exe })
    assert.deepEqual([wrong.status, Object.keys(wrong.body.error.fields)], [422, ['evidence']])
    assert.equal((await browser.post(`/appeals/${id}/reject`, { reason: 'payment_not_found' })).status, 422)
    const blank = await browser.post(`/appeals/${id}/reject`, { reason: 'other', text: ' ', evidence })
    assert.deepEqual([blank.status, Object.keys(blank.body.error.fields)], [422, ['text']])
    const rejected = await browser.post(`/appeals/${id}/reject`, { reason: 'payment_not_found', evidence })
    assert.deepEqual([rejected.status, rejected.body.appeal.state], [200, 'rejected'])
    assert.equal((await browser.post(`/appeals/${id}/accept`)).status, 409)

    const read = await reaches(path, id, 'rejected')
    assert.deepEqual(
      [read.rejection.reason, read.may_contest, read.may_accept_amount],
      ['payment_not_found', true, false],
    )
    await call('POST', `${path}/${id}/accept-amount`, 409)
    const contested = await call('POST', `${path}/${id}/contest`, 200, { text: 'Look again.', files: [pngName] })
    assert.equal(contested.data.attributes.status, 'arbitration')
    assert.deepEqual(
      contested.data.attributes.messages.map(({ from, kind, files }: Answer) => [from, kind, files.length]),
      [
        ['merchant', 'message', 0],
        ['provider', 'verdict', 1],
        ['merchant', 'contest', 1],
      ],
    )
    await call('POST', `${path}/${id}/contest`, 409, { text: 'And again.' })
    await call('POST', `${path}/${id}/withdraw`, 200)
    await call('POST', `${path}/${id}/withdraw`, 409)
  })

  it('accepted: the payment is processed', async () => {
    const { id: payment, path, desk } = await failed()
    const { id } = (await call('POST', path, 201, wish())).data
    await reaches(path, id, 'submitted')
    const accepted = await (browsers.get(desk) as Browser).post(`/appeals/${id}/accept`)
    assert.deepEqual(
      [accepted.status, accepted.body.appeal.state, accepted.body.frozen],
      [200, 'confirmed', '0.000000'],
    )
    const { attributes } = (await call('GET', `/api/payment-invoices/${payment}`, 200)).data
    assert.deepEqual([attributes.status, attributes.processed_amount], ['processed', 3900])
    const calls = () => world.simulators.desks.calls(desk).filter(({ request }) => request.includes('CONFIRM_APPEAL'))
    await until('the provider is told', async () => calls().length > 0)
    const list = await call('GET', path, 200)
    assert.deepEqual(
      list.data.map(({ attributes: { status, resolution } }: Answer) => [status, resolution]),
      [['confirmed', 'accepted']],
    )
  })

  it('notes are for one’s own side, and another provider or merchant sees nothing', async () => {
    const { path, desk } = await failed()
    const { id } = (await call('POST', path, 201, wish())).data
    const noted = await call('POST', `${path}/${id}/messages`, 200, {
      text: 'A regular customer.',
      internal: true,
      files: [pngName],
    })
    const note = noted.data.attributes.messages.at(-1)
    assert.equal(note.internal, true)
    const browser = browsers.get(desk) as Browser
    const other = browsers.get(desk === 'volga' ? 'neva' : 'volga') as Browser
    assert.equal(JSON.stringify((await browser.get(`/appeals/${id}`)).body).includes('regular'), false)
    assert.equal((await browser.get(`/appeals/${id}/files/${note.files[0].id}`)).status, 404)
    for (const place of [`/appeals/${id}`, `/appeals/${id}/files/${note.files[0].id}`])
      assert.equal((await other.get(place)).status, 404)
    assert.equal((await other.post(`/appeals/${id}/accept`)).status, 404)
    const written = await browser.post(`/appeals/${id}/messages`, { text: 'Which bank was it?' })
    assert.equal(written.body.thread.at(-1).text, 'Which bank was it?')
    const read = (await call('GET', `${path}/${id}`, 200)).data.attributes.messages.at(-1)
    assert.deepEqual([read.from, read.author, read.text], ['provider', null, 'Which bank was it?'])
    await call('GET', `${path}/apl_0000000000000000`, 404)
    await call('GET', '/api/payment-invoices/cpi_0000000000000000/appeals', 404)
    await call('POST', `${path}/${id}/withdraw`, 200)
  })
})

test('what merchants send is checked field by field', async () => {
  const { path } = await failed()
  const errors = async (attributes: object) => (await call('POST', path, 422, { data: { attributes } })).errors
  assert.deepEqual(await errors({}), {
    reason: 'This value should not be blank.',
    receipt: 'This value should not be blank.',
  })
  const fields = async (more: object) => (await call('POST', path, 422, wish(more))).errors
  assert.deepEqual(Object.keys(await fields({ reason: 'wrong_amount' })), ['amount'])
  assert.deepEqual(Object.keys(await fields({ amount: 39000.01 })), ['amount'])
  assert.deepEqual(Object.keys(await fields({ amount: 0 })), ['amount'])
  assert.deepEqual(Object.keys(await fields({ amount: 1.001 })), ['amount'])
  assert.deepEqual(Object.keys(await fields({ comment: 'x'.repeat(1001) })), ['comment'])
  assert.deepEqual(Object.keys(await fields({ receipt: { name: 'a.pdf' } })), ['receipt.content'])
  assert.deepEqual(Object.keys(await fields({ receipt: { name: 'a.pdf', content: '%%%' } })), ['receipt.content'])
  assert.match(
    (await fields({ receipt: { name: 'a.pdf', content: '' } })).receipt,
    /^receipt_invalid: the file is empty/,
  )
  const exe = Buffer.from(sampleFiles.exe).toString('base64')
  assert.match(
    (await fields({ receipt: { name: 'a.pdf', content: exe } })).receipt,
    /^receipt_invalid: .* PDF, JPEG or PNG/,
  )
  assert.deepEqual((await call('GET', path, 200)).data, [])
})

describe('B17: receipts', () => {
  it('10,485,760 bytes are taken and come back unchanged, one more is refused', async () => {
    const { path } = await failed()
    const bytes = Buffer.alloc(10_485_761, 7)
    bytes.set(sampleFiles.pdf)
    const content = (length: number) => ({
      receipt: { name: 'big.pdf', content: bytes.subarray(0, length).toString('base64') },
    })
    const refused = await call('POST', path, 422, wish(content(10_485_761)))
    assert.match(refused.errors.receipt, /^receipt_invalid: .*10,485,760/)
    const { id } = (await call('POST', path, 201, wish(content(10_485_760)))).data
    const { receipt } = (await call('GET', `${path}/${id}`, 200)).data.attributes
    assert.deepEqual([receipt.size, receipt.type], [10_485_760, 'pdf'])
    const served = await fetch(receiptUrl(world.ctx, receipt, new Date()))
    assert.ok(Buffer.from(await served.arrayBuffer()).equals(bytes.subarray(0, 10_485_760)))
    const [stored] = await world.ctx.sql<{ plain: boolean; right: boolean }[]>`
      select position('%PDF'::bytea in content_encrypted) > 0 as plain, length(content_encrypted) = 10485760 + 28 as right
      from receipts where id = ${receipt.id}`
    assert.deepEqual(stored, { plain: false, right: true })
    await call('POST', `${path}/${id}/withdraw`, 200)
  })

  it('by its signed address only, until that has run out; nobody learns what there is', async () => {
    const { path } = await failed()
    const { id } = (await call('POST', path, 201, wish())).data
    const { receipt } = (await call('GET', `${path}/${id}`, 200)).data.attributes
    const url = new URL(receiptUrl(world.ctx, receipt, new Date()))
    const get = async (change: (url: URL) => void, method = 'GET') => {
      const asked = new URL(url)
      change(asked)
      const reply = await fetch(asked, { method })
      const body = await reply.text()
      check(method, asked.pathname, { status: reply.status, content_type: reply.headers.get('content-type'), body })
      return { status: reply.status, headers: reply.headers, body }
    }
    const sign = (asked: URL, file: string, exp: string): void => {
      const sig = createHmac('sha256', world.ctx.secrets.receiptKey).update(`${file}|${exp}`).digest('base64url')
      asked.search = new URLSearchParams({ exp, sig }).toString()
    }
    const good = await get(() => {})
    assert.deepEqual([good.status, good.body], [200, Buffer.from(sampleFiles.pdf).toString()])
    const wanted = {
      'content-type': 'application/pdf',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
      'content-disposition': `inline; filename="${receipt.id}.pdf"`,
    }
    for (const [name, value] of Object.entries(wanted)) assert.equal(good.headers.get(name), value)
    assert.match(good.headers.get('content-security-policy') ?? '', /sandbox/)
    assert.equal(good.headers.get('set-cookie'), null)
    const head = await get(() => {}, 'HEAD')
    assert.deepEqual(
      [head.status, head.body, head.headers.get('content-length')],
      [200, '', String(sampleFiles.pdf.length)],
    )

    const unknown = 'rcp_0000000000000000'
    const past = String(Math.floor(Date.now() / 1000) - 1)
    const later = String(Math.floor(Date.now() / 1000) + 60)
    const at =
      (file: string) =>
      (asked: URL): void => {
        asked.pathname = `/receipts/${file}`
      }
    const refusals = [
      [403, (asked: URL) => asked.searchParams.set('sig', `${asked.searchParams.get('sig')?.slice(0, -1)}_`)],
      [403, (asked: URL) => asked.searchParams.delete('sig')],
      [403, (asked: URL) => asked.searchParams.set('exp', later)],
      [403, at(`${unknown}.pdf`)],
      [403, at('x')],
      [410, (asked: URL) => sign(asked, receipt.id, past)],
      [404, (asked: URL) => [at(`${unknown}.pdf`)(asked), sign(asked, unknown, later)]],
      [404, at(`${receipt.id}.png`)],
    ] as const
    const bodies = new Set<string>()
    for (const [status, change] of refusals) {
      const refused = await get(change as (url: URL) => void)
      assert.equal(refused.status, status, String(change))
      bodies.add(refused.body)
    }
    assert.equal(bodies.size, 1)
    const fetches = await world.ctx.sql<
      { way: string; ip: string }[]
    >`select way, ip from receipt_fetches where receipt_id = ${receipt.id}`
    assert.ok(fetches.length >= 2 && fetches.every(({ way, ip }) => way === 'link' && ip === '127.0.0.1'))
    await call('POST', `${path}/${id}/withdraw`, 200)
  })
})

test('the amount that a provider has seen can be taken', async () => {
  const { path, desk } = await failed()
  const { id } = (await call('POST', path, 201, wish())).data
  await reaches(path, id, 'submitted')
  const browser = browsers.get(desk) as Browser
  for (const [amount_seen, field] of [
    [undefined, 'amount_seen'],
    ['3900', 'amount_seen'],
    ['0', 'amount_seen'],
    ['1.001', 'amount_seen'],
  ]) {
    const wrong = await browser.post(`/appeals/${id}/reject`, { reason: 'amount_differs', amount_seen, evidence })
    assert.deepEqual([wrong.status, Object.keys(wrong.body.error.fields)], [422, [field]], String(amount_seen))
  }
  assert.equal(
    (await browser.post(`/appeals/${id}/reject`, { reason: 'amount_differs', amount_seen: '3500', evidence })).status,
    200,
  )
  const taken = (await call('POST', `${path}/${id}/accept-amount`, 200)).data
  assert.deepEqual([taken.attributes.number, taken.attributes.amount, taken.attributes.status], [2, 3500, 'opened'])
  await call('POST', `${path}/${taken.id}/withdraw`, 200)
})
