import { setProblem } from './field-problem.js'

/** A file that cannot be taken is said to be so before it is sent. */
export function helpWithReceipt(input) {
  const problem = () => {
    const [file] = input.files
    if (!file) return input.dataset.blank
    const known = !file.type || ['application/pdf', 'image/jpeg', 'image/png'].includes(file.type)
    return known && file.size > 0 && file.size <= input.dataset.bytesMax ? '' : input.dataset.invalid
  }
  input.addEventListener('change', () => setProblem(input, problem()))
  input.form.addEventListener('submit', (event) => {
    setProblem(input, problem())
    if (!problem()) return
    event.preventDefault()
    event.stopImmediatePropagation()
    input.focus()
  })
}
