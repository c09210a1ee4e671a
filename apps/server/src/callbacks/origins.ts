/** What this worker knows of the origins it delivers to: deliveries in hand, and room for more. */
import { nextRoom, roomAtFirst, roomWhenLate } from './rules/origin-room.ts'

export type Origins = {
  /** Deliveries that may be started now. */
  readonly room: (origin: string) => number
  readonly enter: (origin: string) => void
  /** A delivery to it takes long: until one ends well or quickly there is hardly any room. */
  readonly fallBehind: (origin: string) => void
  /** `delivered` is `null` when the delivery came to no result; `late` = it took long. */
  readonly leave: (origin: string, delivered: boolean | null, late: boolean) => void
}

type Origin = { readonly in_hand: number; readonly room: number; readonly late: boolean }

const remembered_max = 10_000

export function createOrigins(): Origins {
  const known = new Map<string, Origin>()
  const get = (origin: string): Origin => known.get(origin) ?? { in_hand: 0, room: roomAtFirst, late: false }
  return {
    room(origin) {
      const { room, in_hand, late } = get(origin)
      return Math.max((late ? roomWhenLate : room) - in_hand, 0)
    },
    enter(origin) {
      const { in_hand, ...rest } = get(origin)
      known.set(origin, { ...rest, in_hand: in_hand + 1 })
    },
    fallBehind(origin) {
      known.set(origin, { ...get(origin), late: true })
    },
    leave(origin, delivered, late) {
      const { room, in_hand } = get(origin)
      const entry = {
        in_hand: in_hand - 1,
        room: delivered === null ? room : nextRoom(room, delivered),
        // One that is slow but takes everything is no dead one.
        late: late && delivered !== true,
      }
      const ordinary = (entry.room === roomAtFirst && !entry.late) || known.size > remembered_max
      if (entry.in_hand === 0 && ordinary) known.delete(origin)
      else known.set(origin, entry)
    },
  }
}
