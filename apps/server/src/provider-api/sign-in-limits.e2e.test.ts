/** How many tries to sign in there are, over HTTP. The numbers by themselves: shared-limit.db.test.ts. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { testContext } from '../../../../tests/context.ts'
import { createServer } from '../http/server.ts'
import { providerRoutes } from './routes.ts'
import { type SampleTeam, sampleTeam } from './sample-people.ts'

describe('tries to sign in', () => {
  /** Two processes on one database, the clock of their limits stands still. */
  async function withTwo(work: (tell: Tell, team: SampleTeam) => Promise<void>): Promise<void> {
    const now = new Date()
    const limited = await testContext({ config: { rate_limits: true }, now: () => now })
    const servers = await Promise.all([1, 2].map(() => createServer(limited.ctx, [providerRoutes])))
    try {
      await work(
        async (process_, payload, { remoteAddress = '192.0.2.1', cookie } = {}) => {
          const answer = await servers[process_]!.inject({
            method: 'POST',
            url: '/provider-api/auth/sign-in/email',
            remoteAddress,
            headers: {
              origin: limited.ctx.config.public_url,
              'content-type': 'application/json',
              ...(cookie === undefined ? {} : { cookie }),
            },
            payload: JSON.stringify(payload),
          })
          return {
            status: answer.statusCode,
            cookies: [answer.headers['set-cookie'] ?? []].flat(),
            headers: answer.headers,
          }
        },
        await sampleTeam(limited.ctx, 'limited'),
      )
    } finally {
      for (const server of servers) await server.close()
      await limited.close()
    }
  }
  type Tell = (
    process: number,
    payload: object,
    from?: { remoteAddress?: string; cookie?: string },
  ) => Promise<{ status: number; cookies: string[]; headers: Record<string, unknown> }>

  test('are limited by address, before anything of them is looked at, by all processes together', () =>
    withTwo(async (tell) => {
      const statuses: number[] = []
      for (let index = 0; index < 31; index += 1)
        statuses.push((await tell(index % 2, { email: `p${index}@limits.example`, password: '' })).status)
      assert.deepEqual(statuses, [...Array(30).fill(422), 429])
    }))

  test('are limited by e-mail and address, before a password is looked at, and other addresses are not', () =>
    withTwo(async (tell) => {
      const wrong = { email: 'Nobody@limits.example', password: 'a wrong password' }
      const statuses: number[] = []
      for (let index = 0; index < 10; index += 1) statuses.push((await tell(index % 2, wrong)).status)
      const refused = await tell(1, { ...wrong, email: 'nobody@limits.example' })
      assert.deepEqual([...statuses, refused.status], [...Array(10).fill(401), 429])
      assert.equal(refused.headers['retry-after'], '90')
      assert.equal((await tell(0, wrong, { remoteAddress: '192.0.2.2' })).status, 401)
    }))

  test('of a whole world of strangers keep nobody out of the browser he always uses', () =>
    withTwo(async (tell, { people: { owner: known, finance } }) => {
      const right = { email: known.email, password: known.password }
      const first = await tell(0, right)
      assert.equal(first.status, 200)
      const cookie = first.cookies.find((line) => line.startsWith('cascad.device='))?.split(';')[0] ?? ''
      const strangers: number[] = []
      for (let index = 0; index < 60; index += 1) {
        // Nothing that could be a password: what is counted is seen all the same, and no processor is kept busy.
        const wrong = { email: known.email, password: 'x' }
        strangers.push((await tell(index % 2, wrong, { remoteAddress: `198.51.100.${Math.floor(index / 5)}` })).status)
      }
      assert.deepEqual(strangers, [...Array(49).fill(401), ...Array(11).fill(429)])
      const elsewhere = { remoteAddress: '203.0.113.7' }
      assert.equal((await tell(1, right, elsewhere)).status, 429, 'a browser that is not known waits like all of them')
      const again = await tell(1, right, { ...elsewhere, cookie })
      assert.equal(again.status, 200)
      assert.match(again.cookies.join(), /cascad\.device=/)
      const { email, password } = finance
      assert.equal((await tell(0, { email, password }, { ...elsewhere, cookie })).status, 200)
      const tries: number[] = []
      for (let index = 0; index < 10; index += 1)
        tries.push((await tell(index % 2, { ...right, password: 'x' }, { ...elsewhere, cookie })).status)
      assert.deepEqual(tries, [...Array(9).fill(401), 429], 'a known browser guesses no faster')
    }))
})
