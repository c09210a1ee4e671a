/** Tells the platform what happened, as often and as late as the terminal's script wants it. */
import { randomUUID } from 'node:crypto'
import type { NotificationKind } from '../terminals/script.ts'
import { scriptOf, type Terminal } from '../terminals/terminal.ts'
import { later, type World } from '../world.ts'
import type { Operation } from './operation.ts'

/** For about a minute: a platform that starts anew on a busy machine is not back at once, and what is told must not be lost. */
const tries_max = 30
const pause_max_ms = 2_000
const late_ms = 5000
const doubled: readonly NotificationKind[] = ['normal', 'none', 'late', 'twice', 'out_of_order']

/** `told` = the answer already said it; then only the odd kinds say it again. */
export function notify(world: World, terminal: Terminal, operation: Operation, told: boolean): void {
  const { notifications, notification_delay_ms } = scriptOf(terminal, operation)
  const kind = notifications === 'mixed' ? (doubled[terminal.draw(doubled.length)] ?? 'normal') : notifications
  if (kind === 'none' || (kind === 'normal' && told) || operation.notification_url === '') return
  const delay_ms = notification_delay_ms || (kind === 'late' ? late_ms : 0)
  const face = world.faces[operation.provider]
  const news = message(face.document(operation, world.public_url()))
  if (kind === 'out_of_order') {
    const before = message(
      face.document(
        { ...operation, status: 'pending', taken: '0', code: null, approval_code: null },
        world.public_url(),
      ),
    )
    tell(news, delay_ms)
    tell(before, delay_ms + 50)
    return
  }
  tell(news, delay_ms)
  if (kind === 'twice') tell(news, delay_ms + 50)

  function message(document: object) {
    const event_id = randomUUID()
    return { event_id, notification: face.notification(document, event_id, terminal) }
  }
  function tell({ event_id, notification }: ReturnType<typeof message>, after_ms: number) {
    if (!notification) return
    const entry = { terminal: terminal.name, reference: operation.reference, event_id, status: operation.status }
    later(world, after_ms, () => void post(world, operation.notification_url, notification, entry, 1))
  }
}

type Entry = {
  readonly terminal: string
  readonly reference: string
  readonly event_id: string
  readonly status: string
}

async function post(
  world: World,
  url: string,
  message: { body: string; headers: Record<string, string> },
  entry: Entry,
  attempt: number,
) {
  let answer: number | string
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'error',
      headers: { 'content-type': 'application/json', ...message.headers },
      body: message.body,
      signal: AbortSignal.any([world.closing.signal, AbortSignal.timeout(5000)]),
    })
    await response.body?.cancel()
    answer = response.status
  } catch (error) {
    answer = error instanceof Error ? error.name : 'failed'
  }
  if (world.closing.signal.aborted) return
  world.notifications.push({ at: world.now().toISOString(), ...entry, answer })
  if (world.notifications.length > 1000) world.notifications.shift()
  const accepted = typeof answer === 'number' && answer >= 200 && answer < 300
  if (!accepted && attempt < tries_max)
    later(world, Math.min(250 * 2 ** attempt, pause_max_ms), () => void post(world, url, message, entry, attempt + 1))
}
