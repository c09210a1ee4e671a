/** What one person who is signed in may ask for in a minute. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testContext } from '../../../../tests/context.ts'
import { createServer } from '../http/server.ts'
import { providerRoutes } from './routes.ts'
import { sampleTeam } from './sample-people.ts'

test('a session does not help to guess its password, nor to ask without end', async () => {
  const now = new Date()
  const limited = await testContext({ config: { rate_limits: true }, now: () => now })
  const server = await createServer(limited.ctx, [providerRoutes])
  try {
    const { people } = await sampleTeam(limited.ctx, 'guesses')
    const headers = { origin: limited.ctx.config.public_url, 'content-type': 'application/json' }
    const signed = await server.inject({
      method: 'POST',
      url: '/provider-api/auth/sign-in/email',
      headers,
      payload: JSON.stringify({ email: people.viewer.email, password: people.viewer.password }),
    })
    const cookie = String(signed.headers['set-cookie']).split(';')[0] ?? ''
    const guess = (index: number) =>
      server.inject({
        method: 'POST',
        url: '/provider-api/me/password',
        headers: { ...headers, cookie },
        payload: JSON.stringify({ current_password: `guess ${index}`, new_password: 'a new long password' }),
      })
    const guesses: number[] = []
    for (let index = 0; index < 11; index += 1) guesses.push((await guess(index)).statusCode)
    assert.deepEqual(guesses, [...Array(10).fill(422), 429])
    const asked: number[] = []
    for (let index = 0; index < 590; index += 1)
      asked.push((await server.inject({ url: '/provider-api/me', headers: { cookie } })).statusCode)
    assert.deepEqual([asked.lastIndexOf(200), asked.at(-1)], [588, 429])
  } finally {
    await server.close()
    await limited.close()
  }
})
