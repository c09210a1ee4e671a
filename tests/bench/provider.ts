/** The two calls a payment makes, bare: what the product's latency is held against. */
import { Pool } from 'undici'
import { type Percentiles, percentiles } from './load.ts'

const body = JSON.stringify({ reference: 'bare', amount: '10050', currency: 'USD' })

export async function measureProvider(url: string, rounds: number): Promise<Percentiles> {
  const pool = new Pool(url, { connections: 1 })
  const call = async (who: string): Promise<void> => {
    const { body: answer } = await pool.request({
      method: 'POST',
      path: `/0/${who}/payments`,
      headers: { 'content-type': 'application/json' },
      body,
    })
    await answer.text()
  }
  const taken_ms: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now()
    await call('first')
    await call('second')
    taken_ms.push(performance.now() - start)
  }
  await pool.close()
  return percentiles(taken_ms)
}
