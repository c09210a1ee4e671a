export const body = document.body
export const all = (selector, inside = document) => [...inside.querySelectorAll(selector)]

export function put(selector, text) {
  const element = document.querySelector(selector)
  if (element && text && element.textContent !== text) element.textContent = text
}

/** Asks for the page anew. A reload would send a form again whose answer this page is. */
export function openAgain() {
  location.replace(location.pathname + location.search)
}
