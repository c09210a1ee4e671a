// The checkout works without this. It saves typing, waiting and double clicks.
const body = document.body
const all = (selector, inside = document) => [...inside.querySelectorAll(selector)]

// --- Card form ---------------------------------------------------------------------------------------------------------------

const brands = [
  ['Visa', /^4/, [16, 13, 19]],
  ['Mastercard', /^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  ['Mir', /^220[0-4]/, [16, 17, 18, 19]],
  ['Amex', /^3[47]/, [15]],
  ['UnionPay', /^62/, [16, 17, 18, 19]],
  ['JCB', /^35(2[89]|[3-8])/, [16]],
  ['Discover', /^(6011|64[4-9]|65)/, [16]],
  ['Diners', /^3(0[0-5]|[68])/, [14]],
  ['Maestro', /^(50|5[6-9]|6[0-9])/, [16, 12, 13, 14, 15, 17, 18, 19]],
]
const digitsOf = (text) => text.replace(/\D/g, '')
const brandOf = (digits) => brands.find(([, pattern]) => pattern.test(digits))

function passesLuhn(digits) {
  let sum = 0
  ;[...digits].reverse().forEach((digit, i) => {
    const value = i % 2 ? digit * 2 : +digit
    sum += value > 9 ? value - 9 : value
  })
  return sum % 10 === 0
}

/** Blocks of four; American Express and Diners write 4-6-5. */
function grouped(digits) {
  return /^3[04678]/.test(digits)
    ? digits.replace(/^(.{4})(.{0,6})(.*)$/, (_, a, b, c) => [a, b, c].filter(Boolean).join(' '))
    : digits.replace(/(.{4})(?=.)/g, '$1 ')
}

/** Writes the value and keeps the caret behind the same digit. */
function rewrite(input, value) {
  if (input.value === value) return
  const atEnd = input.selectionStart === input.value.length
  const before = digitsOf(input.value.slice(0, input.selectionStart)).length
  input.value = value
  if (atEnd || document.activeElement !== input) return
  let caret = 0
  for (let seen = 0; caret < value.length && seen < before; caret += 1) if (/\d/.test(value[caret])) seen += 1
  input.setSelectionRange(caret, caret)
}

function expiryText(text, deleting) {
  if (/^\d{4}-\d{2}$/.test(text)) return `${text.slice(5)}/${text.slice(2, 4)}`
  const slash = /^(\d)\s*\/(.*)$/.exec(text)
  let digits = digitsOf(slash ? `0${text}` : text)
  if (/^[2-9]/.test(digits)) digits = `0${digits}`
  if (/^\d{2}20\d{2}/.test(digits)) digits = digits.slice(0, 2) + digits.slice(4)
  digits = digits.slice(0, 4)
  if (digits.length < 2 || (digits.length === 2 && deleting)) return digits
  return `${digits.slice(0, 2)}/${digits.slice(2)}`
}

const checks = {
  card_number: (text) => {
    const digits = digitsOf(text)
    return digits.length >= 12 && digits.length <= 19 && passesLuhn(digits)
  },
  expiry: (text) => /^(0?[1-9]|1[0-2])\s*\/?\s*(\d{2}|20\d{2})$/.test(text.trim()),
  cvv: (text) => /^\d{3,4}$/.test(text.trim()),
}

function setProblem(input, message) {
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

function problemOf(input) {
  if (!input.value.trim()) return input.dataset.blank
  return checks[input.id](input.value) ? '' : input.dataset.invalid
}

function helpWithCard(form) {
  const inputs = Object.keys(checks).map((id) => form.elements[id])
  const [number, expiry, cvv] = inputs
  const brand = document.getElementById('brand')
  const showBrand = () => {
    const found = brandOf(digitsOf(number.value))
    brand.textContent = found ? found[0] : ''
    cvv.placeholder = found?.[0] === 'Amex' ? '1234' : '123'
  }
  number.addEventListener('input', (event) => {
    rewrite(number, grouped(digitsOf(number.value).slice(0, 19)))
    showBrand()
    const digits = digitsOf(number.value)
    const lengths = brandOf(digits)?.[2]
    const typed = event.inputType === 'insertText' && number.selectionStart === number.value.length
    if (typed && lengths?.[0] === digits.length && passesLuhn(digits)) expiry.focus()
  })
  expiry.addEventListener('input', (event) => {
    rewrite(expiry, expiryText(expiry.value, event.inputType?.startsWith('delete')))
    const typed = event.inputType === 'insertText' && expiry.selectionStart === expiry.value.length
    if (typed && /^\d\d\/\d\d$/.test(expiry.value) && checks.expiry(expiry.value)) cvv.focus()
  })
  cvv.addEventListener('input', () => rewrite(cvv, digitsOf(cvv.value).slice(0, 4)))
  for (const input of inputs) {
    input.addEventListener(
      'input',
      () => input.getAttribute('aria-invalid') && !problemOf(input) && setProblem(input, ''),
    )
    input.addEventListener('blur', () => input.value.trim() && setProblem(input, problemOf(input)))
  }
  showBrand()
  form.addEventListener('submit', (event) => {
    for (const input of inputs) setProblem(input, problemOf(input))
    const first = inputs.find((input) => input.getAttribute('aria-invalid'))
    if (!first) return measure(form)
    event.preventDefault()
    event.stopImmediatePropagation()
    first.focus()
  })
}

/** What issuers ask about the browser. */
function measure(form) {
  const facts = {
    browser_color_depth: screen.colorDepth,
    browser_screen_height: screen.height,
    browser_screen_width: screen.width,
    browser_tz: new Date().getTimezoneOffset(),
    browser_java_enabled: false,
    window_height: innerHeight,
    window_width: innerWidth,
  }
  for (const [name, value] of Object.entries(facts)) {
    if (form.elements[name]) continue
    const input = document.createElement('input')
    Object.assign(input, { type: 'hidden', name, value })
    form.append(input)
  }
}

// --- The receipt of a transfer -----------------------------------------------------------------------------------------------

/** A file that cannot be taken is said to be so before it is sent. */
function helpWithReceipt(input) {
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

// --- Forms are sent once -----------------------------------------------------------------------------------------------------

function sendOnce(form) {
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
function turn(button, label = button.textContent) {
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

// --- Search and categories at once -------------------------------------------------------------------------------------------

function filterAtOnce(form) {
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

// --- Time left ---------------------------------------------------------------------------------------------------------------

let resync = () => {}

function countDown(clock) {
  let ends = 0
  let endsByDate = 0
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
    if (
      ['card', 'retry', 'confirm', 'onward', 'details', 'requisites-waiting'].includes(body.dataset.view) ||
      location.pathname === '/hpp/methods'
    )
      setTimeout(openAgain, 1000)
  }
  start(clock.dataset.left)
  resync = start
  const timer = setInterval(tick, 1000)
}

// --- Copying -----------------------------------------------------------------------------------------------------------------

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

function copyAtOnce(button) {
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

// --- News --------------------------------------------------------------------------------------------------------------------

const pollEvery_ms = Number(body.dataset.every) || 2000
let unanswered = 0
let next = 0
let asking = false

/** Asks for the page anew. A reload would send a form again whose answer this page is. */
function openAgain() {
  location.replace(location.pathname + location.search)
}

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

/** Back from the bank's app: what has become of it meanwhile? */
function pollOnReturn() {
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && poll())
}

function put(selector, text) {
  const element = document.querySelector(selector)
  if (element && text && element.textContent !== text) element.textContent = text
}

// --- On to the bank or the provider ------------------------------------------------------------------------------------------

/** By itself the first time only, so that the back button does not lead forward again. */
function leave(way) {
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
function keepLook() {
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

// --- In a frame --------------------------------------------------------------------------------------------------------------

function talkToFrame() {
  if (window.parent === window) return
  for (const button of all('[data-frame]')) {
    button.hidden = false
    button.addEventListener('click', () => window.parent.postMessage(button.dataset.frame, '*'))
  }
}

keepLook()
for (const alert of all('[data-focus]')) alert.focus()
talkToFrame()
for (const form of all('[data-check="card"]')) helpWithCard(form)
for (const input of all('[data-bytes-max]')) helpWithReceipt(input)
for (const form of all('[data-once]')) sendOnce(form)
for (const form of all('[data-filter]')) filterAtOnce(form)
for (const clock of all('.clock')) countDown(clock)
for (const way of all('[data-leave]')) leave(way)
for (const button of all('[data-copy]')) copyAtOnce(button)
if (body.dataset.poll) {
  next = setTimeout(poll, pollEvery_ms)
  pollOnReturn()
}
