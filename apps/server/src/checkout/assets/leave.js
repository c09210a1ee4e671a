import { turn } from './send-once.js'

/** By itself the first time only, so that the back button does not lead forward again. */
export function leave(way) {
  const key = `cascad-left-${way.dataset.leave}`
  try {
    if (sessionStorage.getItem(key)) return
    sessionStorage.setItem(key, '1')
  } catch {
    return
  }
  turn(way.querySelector('button') ?? way)
  if (way.tagName === 'FORM') way.submit()
  else location.assign(way.href)
}

/** The look that the shop asked for does not travel over the bank's page, so the tab keeps it. */
export function keepLook() {
  const query = new URLSearchParams(location.search)
  const id = query.get('cpi') ?? location.pathname.match(/^\/process\/([^/]+)$/)?.[1]
  if (!id) return
  const look = [...query].filter(([key]) => !['cpi', 'returned', 'paid'].includes(key))
  try {
    const key = `cascad-look-${id}`
    if (look.length) return sessionStorage.setItem(key, new URLSearchParams(look).toString())
    const kept = query.get('returned') && sessionStorage.getItem(key)
    if (kept) location.replace(`${location.pathname}${location.search}&${kept}`)
  } catch {
    // Without storage the page has its own look.
  }
}
