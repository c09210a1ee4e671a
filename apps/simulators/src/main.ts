/** The simulators as a process of their own: PORT, HOST, CASCAD_URL, CASCAD_SIMULATORS_JOURNAL. Ends with its parent. */
import { createSimulators, type Simulators } from './simulators.ts'

const { PORT, HOST, CASCAD_URL, CASCAD_SIMULATORS_JOURNAL } = process.env

let simulators: Simulators | null = null
let closing = false

async function close(): Promise<void> {
  if (closing) return
  closing = true
  await simulators?.close()
  process.exit(0)
}

process.on('SIGTERM', close)
process.on('SIGINT', close)
process.on('disconnect', close)

try {
  simulators = await createSimulators({
    port: Number(PORT || 4001),
    cascad_url: CASCAD_URL || 'http://127.0.0.1:4000',
    ...(HOST && { host: HOST }),
    ...(CASCAD_SIMULATORS_JOURNAL && { journal_path: CASCAD_SIMULATORS_JOURNAL }),
  })
  process.send?.({ type: 'ready', url: simulators.url })
  process.stdout.write(`Simulators ready at ${simulators.url}/control\n`)
} catch (error) {
  const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
  const why = taken ? `port ${PORT || 4001} is taken; set another in CASCAD_SIMULATORS_PORT` : String(error)
  process.stderr.write(`Simulators cannot start: ${why}.\n`)
  process.exit(1)
}
