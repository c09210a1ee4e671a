import { all } from './page.js'

export function talkToFrame() {
  if (window.parent === window) return
  for (const button of all('[data-frame]')) {
    button.hidden = false
    button.addEventListener('click', () => window.parent.postMessage(button.dataset.frame, '*'))
  }
}
