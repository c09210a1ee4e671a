import { all, body, put } from './page.js'

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    // Frames and plain http have no clipboard of their own: the older way may still be open.
  }
  const area = document.createElement('textarea')
  area.value = text
  area.className = 'unseen'
  area.setAttribute('aria-hidden', 'true')
  body.append(area)
  area.select()
  const done = document.execCommand('copy')
  area.remove()
  return done
}

export function copyAtOnce(button) {
  button.hidden = false
  button.addEventListener('click', async () => {
    if (!(await copyText(button.dataset.copy))) return
    button.focus()
    button.classList.add('done')
    put('[data-copied]', button.dataset.done)
    setTimeout(() => {
      button.classList.remove('done')
      for (const line of all('[data-copied]')) line.textContent = ''
    }, 2500)
  })
}
