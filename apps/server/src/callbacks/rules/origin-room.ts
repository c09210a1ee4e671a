/**
 * How many deliveries one origin may have in hand. It grows by one with every delivery that succeeds and is halved with every
 * one that fails, as congestion control of networks does: a busy receiver that keeps up gets more, a dead one occupies little.
 */
export const roomAtFirst = 8
export const roomMin = 4
export const roomMax = 64
/** While the last answer of an origin is overdue: enough to notice that it is well again. */
export const roomWhenLate = 1

export function nextRoom(room: number, delivered: boolean): number {
  return delivered ? Math.min(room + 1, roomMax) : Math.max(Math.floor(room / 2), roomMin)
}
