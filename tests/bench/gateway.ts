/** The provider of the benchmark: answers the acquirer's wire with as little work as a provider can, after a fixed delay. */
import { createServer } from 'node:http'

const delays_ms: Readonly<Record<string, number>> = { '0': 0, '50': 50 }

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    // /{delay}/{first|second}/payments
    const [, delay = '0', who] = (request.url ?? '').split('/')
    const sent = JSON.parse(Buffer.concat(chunks).toString() || '{}') as {
      reference?: string
      amount?: string
      currency?: string
    }
    const facts = {
      id: `b_${sent.reference}`,
      reference: sent.reference,
      currency: sent.currency,
      advice_code: null,
      card_token: null,
      action: null,
    }
    const answer =
      who === 'first'
        ? {
            ...facts,
            status: 'declined',
            code: '96',
            reason: null,
            text: 'System malfunction',
            rrn: null,
            approval_code: null,
          }
        : {
            ...facts,
            status: 'approved',
            amount: sent.amount,
            code: null,
            reason: null,
            text: null,
            rrn: '000000000001',
            approval_code: 'A1B2C3',
          }
    const body = JSON.stringify(answer)
    const reply = (): void => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
      response.end(body)
    }
    const wait_ms = delays_ms[delay] ?? 0
    if (wait_ms === 0) reply()
    else setTimeout(reply, wait_ms)
  })
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as { port: number }).port }))
process.on('disconnect', () => process.exit(0))
