import { all, body, openAgain } from './page.js'

/** The server says how many seconds are left. */
export let resync = () => {}

export function countDown(clock) {
  let ends = 0
  let endsByDate = 0
  let over = false
  // A sleeping phone may stop the one clock, a payer may set the other: the one with less time left is believed.
  const start = (seconds) => {
    ends = performance.now() + seconds * 1000
    endsByDate = Date.now() + seconds * 1000
  }
  const two = (value) => String(value).padStart(2, '0')
  const tick = () => {
    const left = Math.min(ends - performance.now(), endsByDate - Date.now())
    const total = Math.max(0, Math.round(left / 1000))
    const hours = Math.floor(total / 3600)
    const minutes = Math.floor((total % 3600) / 60)
    clock.textContent = `${hours ? `${hours}:${two(minutes)}` : minutes}:${two(total % 60)}`
    clock.classList.toggle('soon', total < 60)
    if (total > 0) return
    clearInterval(timer)
    // Nothing may be paid from now on, whether or not the next page can be loaded.
    for (const part of all('[data-live]')) part.hidden = true
    for (const part of all('[data-over]')) part.hidden = false
    over = true
    if (
      ['card', 'retry', 'confirm', 'onward', 'details'].includes(body.dataset.view) ||
      location.pathname === '/hpp/methods'
    )
      setTimeout(openAgain, 1000)
  }
  start(clock.dataset.left)
  // A clock that was put forward has ended too early: the page as it is comes back.
  resync = (seconds) => (over ? seconds > 1 && openAgain() : start(seconds))
  const timer = setInterval(tick, 1000)
}
