import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:net'
import { test } from 'node:test'
import { readConfig } from '../config.ts'
import { StartProblem } from '../start-problem.ts'
import { claimPorts } from './ports.ts'

async function takePort(): Promise<{ port: number; server: Server }> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as { port: number }).port, server }
}

test('port 0 becomes a real port, also in the public address', async () => {
  const config = await claimPorts(readConfig({ PORT: '0' }))
  assert.ok(config.port > 0 && config.simulators_port > 0)
  assert.notEqual(config.port, config.simulators_port)
  assert.equal(config.public_url, `http://127.0.0.1:${config.port}`)
})

test('a public address that was given stays', async () => {
  const config = await claimPorts(readConfig({ PORT: '0', CASCAD_PUBLIC_URL: 'https://pay.example.com' }))
  assert.equal(config.public_url, 'https://pay.example.com')
})

test('a taken port is named with the variable that changes it', async () => {
  const { port, server } = await takePort()
  try {
    for (const [env, variable] of [
      [{ PORT: String(port) }, 'PORT='],
      [{ PORT: '0', CASCAD_SIMULATORS_PORT: String(port) }, 'CASCAD_SIMULATORS_PORT='],
    ] as const) {
      await assert.rejects(
        claimPorts(readConfig(env)),
        (error) =>
          error instanceof StartProblem &&
          error.message.includes(`Port ${port} is taken`) &&
          error.message.includes(variable),
      )
    }
  } finally {
    server.close()
  }
})

test('a worker needs no port', async () => {
  const { port, server } = await takePort()
  try {
    assert.equal((await claimPorts(readConfig({ PORT: String(port), CASCAD_ROLE: 'worker' }))).port, port)
  } finally {
    server.close()
  }
})
