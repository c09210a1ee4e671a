/** What this worker knows of the origins it delivers to: deliveries in hand, and room for more. */
import { nextRoom, roomAtFirst } from './rules/origin-room.ts'

export type Origins = {
  /** Deliveries that may be started now. */
  readonly room: (origin: string) => number
  readonly enter: (origin: string) => void
  /** `delivered` is `null` when the delivery came to no result. */
  readonly leave: (origin: string, delivered: boolean | null) => void
}

const remembered_max = 10_000

export function createOrigins(): Origins {
  const known = new Map<string, { in_hand: number; room: number }>()
  const get = (origin: string) => known.get(origin) ?? { in_hand: 0, room: roomAtFirst }
  return {
    room(origin) {
      const { room, in_hand } = get(origin)
      return Math.max(room - in_hand, 0)
    },
    enter(origin) {
      const { room, in_hand } = get(origin)
      known.set(origin, { room, in_hand: in_hand + 1 })
    },
    leave(origin, delivered) {
      const { room, in_hand } = get(origin)
      const entry = { in_hand: in_hand - 1, room: delivered === null ? room : nextRoom(room, delivered) }
      const ordinary = entry.room === roomAtFirst || known.size > remembered_max
      if (entry.in_hand === 0 && ordinary) known.delete(origin)
      else known.set(origin, entry)
    },
  }
}
