/** Has the session ended while the dashboard was open? Kept outside of components, because every call may find it out. */
type Listener = () => void

const listeners = new Set<Listener>()
let ended = false

function set(next: boolean): void {
  if (ended === next) return
  ended = next
  for (const listener of listeners) listener()
}

export const session = {
  isEnded: (): boolean => ended,
  end: (): void => set(true),
  begin: (): void => set(false),
  subscribe: (listener: Listener): (() => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  },
}
