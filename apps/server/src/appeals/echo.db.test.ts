/** An endpoint that says back all that it is sent: its key and the signature of the receipt stay out of what we keep. */
import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { flushCalls } from '../cascades/record-call.ts'
import { forgetRouting } from '../routing/load-routing.ts'
import { readAudit } from './find-appeal.ts'
import { appealWorld } from './sample-world.ts'

const api_key = 'a_key_of_some_endpoint_0123456789'
const world = appealWorld()
let server: Server
let url: string
let received = ''

before(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    received = Buffer.concat(chunks).toString()
    const said = `key ${request.headers['x-api-key']}, body ${received}`
    response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ message: said, said }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/cascade`
})
after(() => new Promise((resolve) => server.close(resolve)))

test('neither stands in the log of calls, nor with the appeal', async () => {
  const state = await world.failed()
  const { ctx } = world
  const { gateway_id } = await world.rowOf(state)
  const credentials = JSON.stringify({ endpoint_url: url, api_key })
  await ctx().sql`
    update gateways set credentials_encrypted = ${ctx().secrets.encrypt(credentials, `gateway:${gateway_id}`)}
    where gateway_id = ${gateway_id}`
  forgetRouting(ctx())
  const appeal = await world.submitted(state)
  const [, signature = ''] = /sig=([A-Za-z0-9_-]{43})/.exec(received) ?? assert.fail(received)
  await flushCalls(ctx())
  const calls = await ctx().sql<{ event: string }[]>`
    select * from provider_calls where attempt_id = ${appeal.attempt_id} and event = 'CREATE_APPEAL'`
  assert.equal(calls.length, 1)
  assert.equal(appeal.state, 'arbitration')
  const kept = JSON.stringify([calls, appeal.refused_text, (await readAudit(ctx().sql, appeal)).steps])
  assert.ok(kept.includes('key ***'), kept)
  assert.ok(!kept.includes(api_key), kept)
  assert.ok(!kept.includes(signature), kept)
})
