/** The card page in headless Chromium: bytes over the wire and time to first paint. */
import { openBrowser } from '../browser.ts'
import type { BenchWorld } from './world.ts'

type Line = readonly [what: string, value: number | string, goal?: string]

export async function measurePage(world: BenchWorld): Promise<Line[]> {
  const merchant = world.merchants[0]
  if (!merchant) throw new Error('there is no merchant')
  const created = await fetch(`${world.url}/api/payment-invoices`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${merchant.id}:${merchant.api_key}`).toString('base64')}` },
    body: JSON.stringify({ amount: 10, currency: 'USD', service: 'payment_card_usd_hpp', test_mode: true }),
  })
  const { data } = (await created.json()) as { data: { attributes: { flow_data: { action: string } } } }
  const browser = await openBrowser()
  try {
    const page = await browser.newPage()
    const paints_ms: number[] = []
    let bytes = 0
    for (let round = 0; round < 11; round += 1) {
      const client = await page.context().newCDPSession(page)
      await client.send('Network.enable')
      await client.send('Network.setCacheDisabled', { cacheDisabled: true })
      let received = 0
      client.on('Network.loadingFinished', ({ encodedDataLength }) => {
        received += encodedDataLength
      })
      await page.goto(data.attributes.flow_data.action, { waitUntil: 'networkidle' })
      bytes = received
      paints_ms.push(
        await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN),
      )
      await client.detach()
    }
    const median = paints_ms.toSorted((a, b) => a - b)[5] ?? Number.NaN
    return [
      ['card page, KB over the wire', bytes / 1024, '≤ 40'],
      ['card page, first contentful paint ms, median of 11', median],
    ]
  } finally {
    await browser.close()
  }
}
