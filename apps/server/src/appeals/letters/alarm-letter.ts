/** To operators: an appeal needs a person. */
import type { Letter } from '../../mail/mail.ts'
import { inMode, type LetterFacts, linesOf, sidesOf, timeIn } from './facts.ts'

const causes: Readonly<Record<string, string>> = {
  no_verdict: 'The provider did not answer in time.',
  refuse_create: "The provider's endpoint did not take the appeal.",
  give_up_create: "The provider's endpoint could not be told of the appeal.",
  contest: 'The rejection is contested.',
  alarm: 'The appeal still waits for a decision.',
  refuse_close: "The provider's endpoint did not take the end of the appeal; what was decided stands.",
  give_up_close: "The provider's endpoint could not be told of the end of the appeal; what was decided stands.",
}

/** `step`: what the audit calls it; `now` tells whether the term is over. */
export function alarmLetter(step: string, facts: LetterFacts, now: Date): Letter {
  const { appeal } = facts
  const waits = appeal.state === 'arbitration'
  const over = waits && appeal.deadline_at !== null && now >= appeal.deadline_at
  const due = timeIn(appeal.deadline_at, 'UTC')
  const body = [
    causes[step] ?? 'Please look at the appeal.',
    ...(waits ? [over ? `It should have been decided by ${due}.` : `Please decide by ${due}.`] : []),
    '',
    ...linesOf(facts),
    ...sidesOf(facts),
    '',
    `npm run appeals -- show ${appeal.id}`,
  ]
  const what = over ? 'is overdue' : waits ? 'waits for your decision' : 'the provider does not know its end'
  return inMode(appeal.test_mode, { title: `Appeal ${appeal.id}${waits ? ' ' : ': '}${what}`, body })
}
