import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { StartProblem } from '../start-problem.ts'
import { connect } from './connect.ts'
import { type EmbeddedDatabase, startEmbedded } from './embedded.ts'
import { processesIn } from './process-identity.ts'

let root = ''
let folder = ''
const lines: string[] = []
const moved = new Set<string>()

before(() => {
  root = mkdtempSync(join(tmpdir(), 'cascad-embedded-'))
  chmodSync(root, 0o711)
  folder = join(root, 'data')
})

after(() => {
  for (const home of moved) rmSync(home, { recursive: true, force: true })
  rmSync(root, { recursive: true, force: true })
})

async function start(): Promise<EmbeddedDatabase> {
  lines.length = 0
  const server = await startEmbedded({ folder, settings: { fsync: 'off' }, log: (line) => lines.push(line) })
  if (!server.data.startsWith(root)) moved.add(dirname(server.data))
  return server
}

async function ask(server: EmbeddedDatabase, text: string): Promise<unknown> {
  const sql = connect(server.url, { connections_max: 1, application_name: 'test' })
  try {
    const [row] = await sql.unsafe(text)
    return row
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/** A process that starts the same folder and then waits to be killed. */
async function startElsewhere(): Promise<ChildProcess> {
  const program = `
    const { startEmbedded } = await import(${JSON.stringify(new URL('./embedded.ts', import.meta.url).href)})
    await startEmbedded({ folder: ${JSON.stringify(folder)}, settings: { fsync: 'off' }, log: () => {} })
    process.stdout.write('ready')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise((resolve) => child.stdout?.once('data', resolve))
  return child
}

async function killed(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
}

test('the data stay from one start to the next, and nothing runs after a stop', async () => {
  const first = await start()
  await ask(first, 'create table kept as select 42 as number')
  await first.stop()
  assert.deepEqual(processesIn(first.data), [])
  const second = await start()
  assert.deepEqual(await ask(second, 'select number from kept'), { number: 42 })
  await second.stop()
})

test('the files with secrets are for their owner alone', async () => {
  const server = await start()
  await server.stop()
  assert.equal(statSync(join(folder, 'postgres-password')).mode & 0o077, 0)
  assert.equal(statSync(server.data).mode & 0o077, 0)
})

test('a second start on the same folder is refused with a sentence', async () => {
  const child = await startElsewhere()
  try {
    await assert.rejects(
      start(),
      (error) => error instanceof StartProblem && error.message.includes(`process ${child.pid}`),
    )
  } finally {
    await killed(child)
  }
})

test('after its owner was killed the server ends by itself and the folder is free', async () => {
  const child = await startElsewhere()
  await killed(child)
  const server = await start()
  assert.deepEqual(await ask(server, 'select number from kept'), { number: 42 })
  await server.stop()
})

test('a pid file whose number belongs to another program does not hinder a start', async () => {
  const server = await start()
  await server.stop()
  const file = join(server.data, 'postmaster.pid')
  const { uid, gid } = statSync(server.data)
  const other = spawn('sleep', ['60'], { uid, gid })
  try {
    writeFileSync(file, `${other.pid}\n${server.data}\n1\n5432\n\n127.0.0.1\n\nready\n`)
    const again = await start()
    assert.deepEqual(await ask(again, 'select number from kept'), { number: 42 })
    await again.stop()
    assert.equal(other.exitCode, null, 'the other program lives on')
  } finally {
    other.kill('SIGKILL')
  }
})

test('data of another major version are refused and left alone', async () => {
  const server = await start()
  await server.stop()
  const file = join(server.data, 'PG_VERSION')
  const version = readFileSync(file, 'utf8')
  writeFileSync(file, '12\n')
  try {
    await assert.rejects(
      start(),
      (error) => error instanceof StartProblem && /made by PostgreSQL 12/.test(error.message),
    )
  } finally {
    writeFileSync(file, version)
  }
  const again = await start()
  assert.deepEqual(await ask(again, 'select number from kept'), { number: 42 })
  await again.stop()
})

test('a server that ends by itself is told', async () => {
  const server = await start()
  const [pid] = readFileSync(join(server.data, 'postmaster.pid'), 'utf8').split('\n')
  process.kill(Number(pid), 'SIGQUIT')
  assert.match(await server.died, /ended by itself/)
  await server.stop()
})

test('a folder that is a file is refused with a sentence', async () => {
  const inTheWay = join(root, 'file')
  writeFileSync(inTheWay, '')
  await assert.rejects(
    startEmbedded({ folder: inTheWay, log: () => {} }),
    (error) => error instanceof StartProblem && error.message.includes('CASCAD_DATA_DIR'),
  )
})
