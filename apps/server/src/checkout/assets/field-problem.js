/** What is wrong with a field, said below it. */
export function setProblem(input, message) {
  const id = `${input.id}-problem`
  let line = document.getElementById(id)
  if (!message) {
    line?.remove()
    input.removeAttribute('aria-invalid')
    describe(input)
    return
  }
  if (!line) {
    line = document.createElement('p')
    line.id = id
    line.className = 'problem'
    input.after(line)
  }
  line.textContent = message
  input.setAttribute('aria-invalid', 'true')
  describe(input)
}

function describe(input) {
  const ids = ['problem', 'hint'].map((end) => `${input.id}-${end}`).filter((id) => document.getElementById(id))
  if (ids.length) input.setAttribute('aria-describedby', ids.join(' '))
  else input.removeAttribute('aria-describedby')
}
