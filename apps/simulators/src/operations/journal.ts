/** Keeps the providers' books over a restart: one JSON line per change, the last line of an id counts. */
import { createReadStream, createWriteStream, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import type { Operation } from './operation.ts'

export type Journal = { readonly write: (operation: Operation) => void; readonly close: () => Promise<void> }

/** A journal that forgets. */
export const noJournal: Journal = { write: () => undefined, close: async () => undefined }

/** Reads the file's operations, writes it anew without old states, and appends from then on. */
export async function openJournal(
  path: string,
): Promise<{ readonly journal: Journal; readonly operations: Operation[] }> {
  mkdirSync(dirname(path), { recursive: true })
  const operations = existsSync(path) ? await readOperations(path) : []
  writeFileSync(`${path}.new`, operations.map((operation) => `${JSON.stringify(operation)}\n`).join(''))
  renameSync(`${path}.new`, path)
  const stream = createWriteStream(path, { flags: 'a' })
  // A full disk must not end the demo: the books then live in memory only.
  let broken = false
  stream.on('error', (error) => {
    broken = true
    process.stderr.write(`Simulators: the books are no longer saved (${error.message}).\n`)
  })
  return {
    operations,
    journal: {
      write(operation) {
        if (!broken) stream.write(`${JSON.stringify(operation)}\n`)
      },
      close: () => new Promise((resolve) => (broken ? resolve() : stream.end(() => resolve()))),
    },
  }
}

/** Members that books of an earlier release lack. */
const grown = () => ({
  simulated: false,
  held: '0',
  wished_code: null,
  authentication: null,
  descriptor: null,
  avs_result: null,
  cvc_result: null,
  captures: [],
  cancels: [],
})

async function readOperations(path: string): Promise<Operation[]> {
  const latest = new Map<string, Operation>()
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    try {
      const operation = JSON.parse(line) as Operation
      if (typeof operation.id === 'string') latest.set(operation.id, { ...grown(), ...operation })
    } catch {
      // The last line of a process that was killed may be cut.
    }
  }
  return [...latest.values()]
}
