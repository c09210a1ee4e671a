/** To a provider that has had half of its time for a verdict. Cascade API, 11.1. */
import type { Letter } from '../../mail/mail.ts'
import { inMode, type LetterFacts, linesOf, timeIn } from './facts.ts'

/** `page`: the appeal in the dashboard. */
export function reminderLetter(facts: LetterFacts, page: string): Letter {
  const { id, deadline_at, test_mode } = facts.appeal
  const body = [
    'An appeal waits for your answer.',
    `Please accept or reject it by ${timeIn(deadline_at, 'UTC')}; after that an operator decides.`,
    '',
    ...linesOf(facts),
    '',
    page,
  ]
  return inMode(test_mode, { title: `Appeal ${id} waits for your answer`, body })
}
