/** To operators: reference rates are missing, a feed fails, a rate jumps, and the end of each. Nothing of the address and header of the feed. */

import type { Letter } from '../mail/mail.ts'
import type { Pair } from './rate-feed.ts'
import type { AlarmChange } from './rules/feed-alarms.ts'

export type RateAlarm = AlarmChange | 'stale' | 'back'

export type AlarmedPair = Pair & {
  /** The rate as it was told, and the one before; only of a jump. */
  readonly rate?: string
  readonly before?: string | null
  /** What was wrong with the last answer. */
  readonly error?: string | null
}

const letters: { readonly [alarm in RateAlarm]: readonly [title: string, text: string] } = {
  stale: ['No fresh rates of', 'There is no rate of the last ten minutes: payments that need one are not sent.'],
  back: ['Fresh rates again of', 'There is a rate of the last ten minutes again.'],
  fails: [
    'The feed fails:',
    'Three answers in a row could not be used. The rate before is used until it is ten minutes old.',
  ],
  works_again: ['The feed works again:', 'Three answers in a row could be used.'],
  jumps: [
    'A rate jumps:',
    'It is too far from the one before and is not used until three readings agree, or until it is told by "npm run providers -- rate".',
  ],
  jump_stays: ['A rate stays where it jumped to:', 'Three readings agree: it is used.'],
  jump_over: ['A rate jumps no more:', 'Three answers in a row could be used.'],
}

/** One letter about all pairs of a source. */
export function rateLetter(source: string, alarm: RateAlarm, pairs: readonly AlarmedPair[]): Letter {
  const [title, text] = letters[alarm]
  const lines = [text, '', ...pairs.map(pairLine), '', 'npm run providers -- feeds', '']
  return { title: `${title} ${source}`, body: lines.join('\n') }
}

function pairLine({ from, to, rate, before, error }: AlarmedPair): string {
  const jump = rate === undefined || before === undefined ? '' : `${rate}, before ${before ?? 'none'}`
  const wrong = error === undefined || error === null ? '' : `last answer: ${plainError(error)}`
  return [`${from}/${to}`, jump, wrong].filter((part) => part !== '').join(': ')
}

/** Of what kept a request from being answered only the code: the words after it may name the address. */
function plainError(error: string): string {
  return error.replace(/^(no answer: \w+).*/s, '$1')
}
