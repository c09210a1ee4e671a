/** What the person at the keyboard reads while Cascad starts and stops. The log of events is another thing: events.ts. */
const quiet_ms = 2_000

export function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Does the work; when it takes longer than two seconds, says what is going on and when it is done. */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const from = performance.now()
  let told = false
  const timer = setTimeout(() => {
    told = true
    say(`${title}…`)
  }, quiet_ms)
  try {
    const result = await work()
    if (told) say(`${title}: done in ${Math.round((performance.now() - from) / 1000)} s.`)
    return result
  } finally {
    clearTimeout(timer)
  }
}
