/** What `npm run cases` does about corrections of providers' balances: one operator asks, another one approves. */
import { formatFixed, parseAmount } from '@cascad/money'
import { decideCorrection } from '../cascades/decide-correction.ts'
import { findProvider } from '../cascades/find-provider.ts'
import { listCorrections } from '../cascades/list-corrections.ts'
import type { Provider } from '../cascades/provider.ts'
import { requestCorrection } from '../cascades/request-correction.ts'
import type { Context } from '../context.ts'
import { type Act, say } from '../database/run-command.ts'
import { StartProblem } from '../start-problem.ts'

export const correctionUsage = `
  npm run cases -- correct <provider> live|test +<amount>|-<amount> <reason>   the balance; another operator has to approve
  npm run cases -- corrections <provider> live|test
  npm run cases -- approve|reject <provider> <correction> [note]`

async function providerOf(ctx: Context, id: string | undefined, usage: string): Promise<Provider> {
  const provider = id === undefined ? null : await findProvider(ctx.sql, id)
  if (!provider) throw new StartProblem(id === undefined ? usage : `There is no provider ${id}.`)
  return provider
}

const textOf = ({ settlement_scale, settlement_currency }: Provider, minor: bigint): string =>
  `${minor > 0n ? '+' : ''}${formatFixed(minor, settlement_scale)} ${settlement_currency}`

export function correctionActs(usage: string, operator: string): [string, Act][] {
  const modeOf = (word: string | undefined): boolean => {
    if (word !== 'live' && word !== 'test') throw new StartProblem(usage)
    return word === 'test'
  }

  const correct: Act = async (ctx, [id, mode, amount = '', reason = '']) => {
    const provider = await providerOf(ctx, id, usage)
    const test_mode = modeOf(mode)
    const minor = /^[+-]\d{1,15}(\.\d+)?$/.test(amount) ? parseAmount(amount.slice(1), provider.settlement_scale) : null
    if (typeof minor !== 'bigint')
      throw new StartProblem(`${amount} is no amount with a sign and ${provider.settlement_scale} decimals.`)
    const change_minor = amount.startsWith('-') ? -minor : minor
    const asked = await requestCorrection(ctx, provider, { test_mode, change_minor, reason, requested_by: operator })
    if (!asked) throw new StartProblem(usage)
    say(`${asked.id} (${textOf(provider, change_minor)}) waits for another operator.`)
    say(`  npm run cases -- approve ${provider.id} ${asked.id}`)
  }

  const list: Act = async (ctx, [id, mode]) => {
    const provider = await providerOf(ctx, id, usage)
    const corrections = await listCorrections(ctx.sql, provider.id, modeOf(mode))
    for (const { id: name, change_minor, status, requested_by, decided_by, reason, note } of corrections) {
      const end = decided_by === null ? '' : ` by ${decided_by}${note === null ? '' : ` (${note})`}`
      say(`${name}  ${textOf(provider, change_minor)}, ${status}${end}, asked for by ${requested_by}: ${reason}`)
    }
    if (corrections.length === 0) say('There is none.')
  }

  const decide =
    (status: 'approved' | 'rejected'): Act =>
    async (ctx, [id, correction_id = '', note = '']) => {
      const provider = await providerOf(ctx, id, usage)
      const done = await decideCorrection(ctx, provider, correction_id, { status, by: operator, note })
      if (done.result === 'unknown') throw new StartProblem(`There is no correction ${correction_id}.`)
      if (done.result === 'same_person')
        throw new StartProblem('Whoever asks does not approve: another operator has to.')
      if (done.result === 'not_available') throw new StartProblem('That is more than is available.')
      if (done.result === 'decided_before')
        throw new StartProblem(`${correction_id} was ${done.correction.status} by ${done.correction.decided_by}.`)
      say(`${correction_id} is ${status}.`)
    }

  return [
    ['correct', correct],
    ['corrections', list],
    ['approve', decide('approved')],
    ['reject', decide('rejected')],
  ]
}
