import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('main.ts', import.meta.url))
const started: ChildProcess[] = []
after(() => {
  for (const child of started) child.kill('SIGKILL')
})

function start(port: string): ChildProcess {
  const child = fork(program, [], { env: { PORT: port }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  started.push(child)
  return child
}

async function ready(child: ChildProcess): Promise<string> {
  const [message] = (await once(child, 'message')) as [{ type: string; url: string }]
  assert.equal(message.type, 'ready')
  return message.url
}

test('it tells when it is ready and ends when its parent goes', async () => {
  const child = start('0')
  const line = once(child.stdout as NodeJS.ReadableStream, 'data')
  const url = await ready(child)
  assert.equal(String(await line), `Simulators ready at ${url}/control\n`)
  assert.equal((await fetch(`${url}/health`)).status, 200)
  child.disconnect()
  assert.deepEqual(await once(child, 'exit'), [0, null])
})

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} ends it, open connections included`, async () => {
    const child = start('0')
    const url = await ready(child)
    await (await fetch(`${url}/health`)).text()
    child.kill(signal)
    assert.deepEqual(await once(child, 'exit'), [0, null])
  })
}

test('a taken port is said in one sentence', async () => {
  const holder = createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  const { port } = holder.address() as { port: number }
  const child = start(String(port))
  const words = once(child.stderr as NodeJS.ReadableStream, 'data')
  assert.deepEqual(await once(child, 'exit'), [1, null])
  assert.match(String(await words), /port \d+ is taken/)
  holder.close()
})
