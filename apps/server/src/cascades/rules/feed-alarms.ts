/** When operators are told that a pair of a feed is in trouble, and when that it is over: a change of alarm, never every answer. */

export type PairAlarms = {
  /** They know that its answers cannot be used. */
  readonly failing: boolean
  /** They know that a rate too far from the one before was not used. */
  readonly jumping: boolean
  /** Answers in a row: above 0 that could be used, below 0 that could not; 0 after a doubtful one. */
  readonly streak: number
}

export type AnswerKind = 'usable' | 'doubtful' | 'unusable'
export type AlarmChange = 'fails' | 'works_again' | 'jumps' | 'jump_stays' | 'jump_over'

/** So many answers in a row begin an alarm of failing, and end one of either kind: a source that is right every other time is one alarm. */
export const answersThatCount = 3

/** `confirmed` = a usable answer by which a jump is believed: that ends its alarm at once. */
export function noteAnswer(
  before: PairAlarms,
  kind: AnswerKind,
  confirmed: boolean,
): { readonly after: PairAlarms; readonly changes: readonly AlarmChange[] } {
  const streak = nextStreak(before.streak, kind)
  const is_calm = streak === answersThatCount
  const failing = before.failing ? !is_calm : streak === -answersThatCount
  const jumping = before.jumping ? !is_calm && !confirmed : kind === 'doubtful'
  const changes: AlarmChange[] = []
  if (failing !== before.failing) changes.push(failing ? 'fails' : 'works_again')
  if (jumping !== before.jumping) changes.push(jumping ? 'jumps' : confirmed ? 'jump_stays' : 'jump_over')
  return { after: { failing, jumping, streak }, changes }
}

function nextStreak(streak: number, kind: AnswerKind): number {
  if (kind === 'doubtful') return 0
  return kind === 'usable'
    ? Math.min(Math.max(streak, 0) + 1, answersThatCount)
    : Math.max(Math.min(streak, 0) - 1, -answersThatCount)
}
