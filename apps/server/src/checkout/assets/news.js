import { resync } from './clock.js'
import { all, body, openAgain, put } from './page.js'

const pollEvery_ms = Number(body.dataset.every) || 2000
let unanswered = 0
let next = 0
let asking = false

async function poll() {
  if (asking) return
  asking = true
  clearTimeout(next)
  let news = null
  try {
    const response = await fetch(body.dataset.poll, { headers: { accept: 'application/json' }, cache: 'no-store' })
    if (response.status === 410 || response.status === 404) return openAgain()
    if (response.ok) news = await response.json()
  } catch {
    // Offline for a moment: the next question may get through.
  }
  asking = false
  if (news && (news.view !== body.dataset.view || news.mark !== body.dataset.mark)) return openAgain()
  if (news?.left_s !== undefined) resync(news.left_s)
  unanswered = news ? 0 : unanswered + 1
  if (unanswered > 2) put('[data-text]', document.querySelector('[data-text]')?.dataset.offline)
  if (news?.title) {
    put('[data-title]', news.title)
    put('[data-text]', news.text)
    for (const way of all('[data-leave-shop]')) way.hidden = !news.may_leave
  }
  next = setTimeout(poll, pollEvery_ms)
}

/** From now on, and when the payer comes back from the bank's app: what has become of it meanwhile? */
export function followNews() {
  if (!body.dataset.poll) return
  next = setTimeout(poll, pollEvery_ms)
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && poll())
}
