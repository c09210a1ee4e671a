import { all } from './page.js'

/** Search and categories without a button. */
export function filterAtOnce(form) {
  const items = all('.payment-wrap__items > li')
  const none = document.getElementById('no-method')
  for (const button of all('[data-without-script]', form)) button.hidden = true
  const apply = () => {
    const words = form.elements.q.value.toLowerCase().split(/\s+/)
    const category = form.elements.category.value
    let shown = 0
    for (const item of items) {
      const fits =
        (!category || item.dataset.category === category) && words.every((word) => item.dataset.words.includes(word))
      item.hidden = !fits
      if (fits) shown += 1
    }
    none.hidden = shown > 0
  }
  form.addEventListener('input', apply)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    apply()
  })
  document.querySelector('#no-method a')?.addEventListener('click', (event) => {
    event.preventDefault()
    form.elements.q.value = ''
    form.elements.category.value = ''
    apply()
    form.elements.q.focus()
  })
}
