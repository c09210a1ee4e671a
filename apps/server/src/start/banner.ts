import { relative } from 'node:path'
import type { Config } from '../config.ts'

/** What to open and what to type next. */
export function banner(config: Config): string {
  if (config.role === 'worker') return '\nCascad: the worker is running. Ctrl-C stops it.\n'
  const url = config.public_url
  if (config.mode === 'production') return `\nCascad is running at ${url}. The API is described at ${url}/docs.\n`
  const simulators = `http://127.0.0.1:${config.simulators_port}`
  const where =
    config.database_url === null ? relative(process.cwd(), config.data_dir) || '.' : 'the database of DATABASE_URL'
  return `
Cascad is running. Ctrl-C stops it; the data stay in ${where}.

  API, to read and try     ${url}/docs
  Demo shop                ${simulators}/shop
  Dashboard of providers   ${url}/dashboard
  Simulated providers      ${simulators}/control
  Keys of the demo world   ${url}/demo/credentials.json

Your first payment, in another terminal:

  curl -s -u "$(curl -s ${url}/demo/credentials.txt)" \\
    -H 'Content-Type: application/json' \\
    -d '{"reference_id":"first","service":"payment_card_usd_hpp","currency":"USD","amount":12.5,"test_mode":true}' \\
    ${url}/api/payment-invoices

Open the "hpp_url" of the answer and pay with card 5519 2838 1203 0000, any later month, any three digits.
`
}
