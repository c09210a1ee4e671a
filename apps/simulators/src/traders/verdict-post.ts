/** Takes verdicts of the desks to the platform, and tries again, ever more seldom, while it is away or not ready for them. */
import { demoCredentials } from '../demo-credentials.ts'
import { later, type World } from '../world.ts'
import { type Ask, NoLogin, openDashboard } from './dashboard-client.ts'
import type { Desk, Told, TraderAppeal } from './desk.ts'
import { tellVerdict } from './tell-verdict.ts'

export type VerdictPost = {
  /** Where the platform is from now on. */
  readonly answerTo: (cascad_url: string) => void
  /** Begins to tell what the appeal's verdict is now; what it was before is not told any more. */
  readonly tell: (desk: Desk, appeal: TraderAppeal, now_ms: () => number) => void
}

/** Between one try and the next; the last one holds from there on. */
const pauses_ms = [250, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000]
/** The platform gives a provider 24 hours. */
const tries_max = 1_500

export function createVerdictPost(world: World, cascad_url: string): VerdictPost {
  const { signal } = world.closing
  const openAt = (url: string) => openDashboard({ cascad_url: url, credentials: demoCredentials(url), signal })
  let askFor: (desk: string) => Ask = openAt(cascad_url)
  const turns = new WeakMap<TraderAppeal, object>()
  return {
    answerTo(url) {
      askFor = openAt(url)
    },
    tell(desk, appeal, now_ms) {
      const turn = {}
      turns.set(appeal, turn)
      /** Nobody has forgotten the appeal or thought better of it. */
      const holds = () => turns.get(appeal) === turn && desk.appeals.get(appeal.id) === appeal && !signal.aborted
      const attempt = async (tries: number): Promise<void> => {
        if (!holds()) return
        const told = await once(appeal, () => tellVerdict(askFor(desk.name), { ...desk, now_ms: now_ms() }, appeal))
        if (!holds()) return
        const over = told.state === 'waiting' && tries === tries_max
        appeal.told = over ? { state: 'refused', text: `given up: ${told.text}` } : told
        if (appeal.told.state === 'waiting') later(world, pauseAfter(tries), () => void attempt(tries + 1))
      }
      appeal.told = { state: 'waiting', text: 'about to be told' }
      later(world, pauseAfter(0), () => void attempt(1))
    },
  }
}

function pauseAfter(tries: number): number {
  return pauses_ms[Math.min(tries, pauses_ms.length - 1)] as number
}

async function once(appeal: TraderAppeal, work: () => Promise<Told>): Promise<Told> {
  const { state, verdict } = appeal
  if (state !== 'open') {
    const agrees = (state === 'confirmed') === (verdict === 'accept')
    return { state: agrees ? 'told' : 'refused', text: `the platform has ${state} it` }
  }
  try {
    return await work()
  } catch (error) {
    if (error instanceof NoLogin) return { state: 'refused', text: error.message }
    return { state: 'waiting', text: whyNot(error) }
  }
}

function whyNot(error: unknown): string {
  const cause = error instanceof Error ? error.cause : null
  if (!(cause instanceof Error)) return error instanceof Error ? error.message : String(error)
  return `it cannot be reached (${(cause as { code?: string }).code ?? cause.message})`
}
