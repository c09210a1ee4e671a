/** `node conformance-command.ts <url> <amount> <amount above the maximum> <currency> <methods>`, the key in CASCADE_API_KEY. */
import { runConformance } from './conformance.ts'
import { type Method, methods } from './events.ts'

const [url = '', amount = '', amountAboveMax = '', currency = '', wanted = methods.join(',')] = process.argv.slice(2)
const { CASCADE_API_KEY: apiKey = '' } = process.env
const chosen = wanted.split(',').filter((method): method is Method => (methods as readonly string[]).includes(method))

if (!URL.canParse(url) || amount === '' || amountAboveMax === '' || currency === '' || apiKey === '' || !chosen[0]) {
  process.stderr.write(
    'Give the URL, an amount, an amount above the maximum, the currency and the methods, for example:\n' +
      'CASCADE_API_KEY=… node conformance-command.ts http://127.0.0.1:8080/cascade 3900 10000000 RUB card,sbp\n',
  )
  process.exit(2)
}
const report = await runConformance({ url, apiKey, amount, amountAboveMax, currency, methods: chosen })
for (const { id, title, result, optional, note, remedy } of report.checks) {
  const word = result === 'fail' && !optional ? 'FAIL' : result === 'fail' ? 'no' : result
  process.stdout.write(`${word.padEnd(4)} ${id.padEnd(3)} ${title}${note === '' ? '' : `: ${note}`}\n`)
  if (remedy !== '') process.stdout.write(`         ${remedy}\n`)
}
process.stdout.write(
  `Event spelling: ${report.eventForm}. Idempotency key: ${report.supportsIdempotencyKey ? 'yes' : 'no'}.\n`,
)
process.exitCode = report.passed ? 0 : 1
