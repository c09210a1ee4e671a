import type { Send } from '@cascad/connector'
import type { Answer } from './call.ts'
import { type ChildWish, postChild } from './child.ts'
import { leftBy } from './read-refusal.ts'

/** Voids the amount, or less where less is left. A refusal that leaves nothing comes back as it is. */
export async function voidLeft(send: Send, wish: ChildWish): Promise<Answer> {
  const answer = await postChild(send, 'void', wish)
  const left = answer.type === 'refused' ? leftBy(answer) : null
  if (left === null || left === 0n || left >= wish.amount_minor) return answer
  return await postChild(send, 'void', { ...wish, amount_minor: left, request_id: `${wish.request_id}:${left}` })
}
