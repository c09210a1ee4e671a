import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { testDatabase } from '../database.ts'

const program = fileURLToPath(new URL('../../apps/server/src/main.ts', import.meta.url))

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

test('a worker of its own tells how it is, serves nothing else, and ends on SIGTERM', async () => {
  const database = await testDatabase()
  const port = await freePort()
  const { PATH, HOME } = process.env
  const child = spawn(process.execPath, [program], {
    env: {
      PATH,
      HOME,
      CASCAD_MODE: 'production',
      CASCAD_ROLE: 'worker',
      CASCAD_WORKER_PORT: String(port),
      CASCAD_PUBLIC_URL: 'https://pay.example.com',
      CASCAD_SECRET_KEY: Buffer.alloc(32, 3).toString('base64'),
      CASCAD_LOG: 'silent',
      DATABASE_URL: database.url,
    },
    stdio: 'ignore',
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  try {
    const status = async (path: string): Promise<number> => (await fetch(`http://127.0.0.1:${port}${path}`)).status
    for (let tries = 0; tries < 600 && (await status('/health/ready').catch(() => 0)) !== 200; tries += 1)
      await sleep(100)
    assert.equal(await status('/health/ready'), 200)
    assert.equal(await status('/health/live'), 200)
    assert.equal(await status('/metrics'), 200)
    assert.equal(await status('/api/payment-invoices'), 404)
    child.kill('SIGTERM')
    assert.equal(await ended, 0)
  } finally {
    child.kill('SIGKILL')
    await ended
    await database.close()
  }
})
