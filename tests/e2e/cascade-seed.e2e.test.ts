/** What arrives at a provider, byte for byte, for each of the six events of one payment; in both spellings. Cascade API, 3; B1. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { openStory, type Story, until } from './cascade-story-world.ts'

type Arrived = { readonly body: string; readonly headers: Readonly<Record<string, string>>; readonly answer: string }

let story: Story
let line: Awaited<ReturnType<typeof openLine>>
before(async () => {
  story = await openStory()
  line = await openLine(story.world.simulators.url)
})
after(async () => {
  await story?.close()
  await line?.close()
})

/** The wire between platform and desk: everything passes, and is kept as it was. */
async function openLine(target: string) {
  const arrived: Arrived[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString()
    const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers as Record<string, string>
    const answer = await fetch(target + request.url, { method: request.method ?? '', headers, body })
    const text = await answer.text()
    arrived.push({ body, headers, answer: text })
    response.writeHead(answer.status, { 'content-type': 'application/json', connection: 'close' }).end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived,
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => void server.close(() => resolve()))
    },
  }
}

/** The provider's owner has the platform call through the wire, in that spelling, and tests it. */
async function connect(event_form: 'prefixed' | 'bare'): Promise<void> {
  const owner = story.dashboard('volga')
  const changed = [
    await owner.call('PUT', '/connections/541', { event_form }),
    await owner.post('/connections/541/credentials', { endpoint_url: `${line.url}/traders/volga/cascade` }),
  ]
  for (const { status, text } of changed) assert.equal(status, 200, text)
  const tested = await owner.post('/connections/541/test')
  assert.deepEqual([tested.body.passed, tested.body.activated], [true, true], tested.text)
}

/** A payment of which every event is needed: not paid in time, an appeal taken back, another one agreed to. */
async function wholeStory(amount: number): Promise<{ id: string; order: string; appeals: string[] }> {
  story.desks.script('volga', { steps: ['issue_never'] })
  const id = await story.invoice({ amount })
  const { desk, order } = await story.issued(id)
  assert.equal(desk, 'volga')
  story.pass(33)
  await story.reaches(id, 'process_failed')
  await until('the cancellation', async () => line.arrived.some(({ body }) => body.includes('CANCEL_PAYMENT')))
  const first = await story.appeal(id, { reason: 'not_credited' })
  await story.appealReaches(id, first.id, 'submitted')
  await story.call('POST', `/payment-invoices/${id}/appeals/${first.id}/withdraw`)
  await until('its end', async () => line.arrived.some(({ body }) => body.includes('CANCEL_APPEAL')))
  story.desks.setPayment('volga', order.id, { received: '4000' })
  const second = await story.appeal(id, { reason: 'wrong_amount', amount: 4000 })
  await story.appealReaches(id, second.id, 'confirmed')
  await until('its confirmation', async () => line.arrived.some(({ body }) => body.includes('CONFIRM_APPEAL')))
  return { id, order: order.id, appeals: story.desks.appeals('volga').map((one) => one.id) }
}

for (const [form, prefix, amount, written] of [
  ['prefixed', 'CascadeEvents.', 3900, '3900'],
  ['bare', '', 3900.5, '3900.5'],
] as const) {
  test(`${form}: the bodies are those of the published document, and nothing else is in them`, async () => {
    await connect(form)
    story.desks.reset()
    line.arrived.length = 0
    const { id, order, appeals } = await wholeStory(amount)
    const [attempt] = await story.attempts(id)
    const bodies = line.arrived.map(({ body }) => body)
    const event = (name: string, data: string) => `{"event":"${prefix}${name}","data":${data}}`
    assert.equal(
      bodies[0],
      event(
        'CREATE_PAYMENT',
        `{"amount":${written},"method":"card","currencyRate":85.5,"currency":"RUB","transactionWindowInMin":30}`,
      ),
    )
    const question = event('GET_PAYMENT', `{"id":"${order}"}`)
    const rest = bodies.slice(1).filter((body) => body !== question)
    assert.ok(bodies.includes(question), 'nothing was asked')
    assert.deepEqual(
      rest.map((body) => body.replace(/"url":"[^"]+"/, '"url":""')),
      [
        event('CANCEL_PAYMENT', `{"id":"${order}"}`),
        event('CREATE_APPEAL', `{"id":"${order}","amount":${written},"url":""}`),
        event('CANCEL_APPEAL', `{"id":"${appeals[0]}"}`),
        event('CREATE_APPEAL', `{"id":"${order}","amount":4000,"url":""}`),
        event('CONFIRM_APPEAL', `{"id":"${appeals[1]}"}`),
      ],
    )
    for (const { headers } of line.arrived) {
      assert.deepEqual(
        [headers['x-api-key'], headers['content-type'], headers.accept],
        ['sim_cascade_key_volga', 'application/json', 'application/json'],
      )
    }
    assert.equal(line.arrived[0]?.headers['idempotency-key'], attempt?.id)
    assert.deepEqual(Object.keys(JSON.parse(line.arrived[0]?.answer ?? '')), [
      ...['id', 'status', 'bank', 'owner', 'cardNumber'],
    ])
  })
}
