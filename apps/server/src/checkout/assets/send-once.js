import { all, body, openAgain } from './page.js'

export function sendOnce(form) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) return event.preventDefault()
    form.dataset.sent = '1'
    const button = event.submitter
    if (!button) return
    button.setAttribute('aria-disabled', 'true')
    if (button.dataset.sending) turn(button, button.dataset.sending)
  })
}

/** A spinner in the button: the page keeps its shape. */
export function turn(button, label = button.textContent) {
  button.dataset.label = button.textContent
  const spinner = document.createElement('span')
  spinner.className = 'spinner'
  spinner.setAttribute('aria-hidden', 'true')
  button.replaceChildren(spinner, label)
}

// The back button may bring a page back as it was left.
addEventListener('pageshow', (event) => {
  if (!event.persisted) return
  if (body.dataset.poll || body.dataset.view === 'card') openAgain()
  for (const form of all('[data-sent]')) {
    delete form.dataset.sent
    for (const button of all('[aria-disabled]', form)) {
      button.removeAttribute('aria-disabled')
      if (button.dataset.label) button.textContent = button.dataset.label
    }
  }
})
