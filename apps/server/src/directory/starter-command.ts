/** `npm run directory:starter`: the currencies, methods and services that Cascad comes with, for a new installation. */

import { runCommand, say } from '../database/run-command.ts'
import { loadStarterRows } from './load-starter.ts'

await runCommand('directory-starter', async (sql) => {
  const { currencies, methods, services } = await loadStarterRows(sql)
  say(`The directory has the starter set: ${currencies} currencies, ${methods} methods, ${services} services.`)
  return 0
})
