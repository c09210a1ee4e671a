/** `npm run connector:new <name>`: a new folder in connectors/ from the template, ready to be filled in. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const template = fileURLToPath(new URL('templates/connector', import.meta.url))
const connectors = fileURLToPath(new URL('../connectors', import.meta.url))

/** Writes the files and returns their paths; or a sentence that says why not. Nothing is overwritten. */
export function newConnector(name: string, folder: string): readonly string[] | string {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 40) {
    return `"${name}" is no name for a connector: use small letters, digits and hyphens, such as acme-pay.`
  }
  const target = join(folder, name)
  if (existsSync(target)) return `connectors/${name} exists already: choose another name.`
  mkdirSync(target, { recursive: true })
  const words = name.replaceAll('-', ' ')
  const title = words.charAt(0).toUpperCase() + words.slice(1)
  return readdirSync(template).map((file) => {
    const text = readFileSync(join(template, file), 'utf8')
      .replaceAll('new-provider', name)
      .replaceAll('New provider', title)
    const path = join(target, file.replace('new-provider', name))
    writeFileSync(path, text, { flag: 'wx' })
    return path
  })
}

function nextSteps(name: string): string {
  return `connectors/${name} is there. Next:
  1. provider.ts       the provider's URLs, keys and answers; every doubt is "unknown", only its own words are a refusal
  2. decline-codes.ts  its reasons in our words, each row with a line in the test
  3. index.ts          methods, currencies, and the capabilities you can prove
  4. npm test -- connectors/${name}/${name}.test.ts
  5. With a sandbox or a simulator: connectorContract instead of connectorStructure, see connectors/acquirer/acquirer.e2e.test.ts
The server finds the folder at its next start; an operator then gives a gateway the connector "${name}" and its credentials.
`
}

if (import.meta.main) {
  const name = process.argv[2] ?? ''
  const result = newConnector(name, connectors)
  if (typeof result === 'string') {
    process.stderr.write(`${result}\n`)
    process.exitCode = 1
  } else {
    process.stdout.write(nextSteps(name))
  }
}
