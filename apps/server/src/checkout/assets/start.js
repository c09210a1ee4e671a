// The checkout works without this. It saves typing, waiting and double clicks.
import { helpWithCard } from './card-form.js'
import { countDown } from './clock.js'
import { copyAtOnce } from './copy.js'
import { talkToFrame } from './frame.js'
import { keepLook, leave } from './leave.js'
import { filterAtOnce } from './methods.js'
import { followNews } from './news.js'
import { all } from './page.js'
import { helpWithReceipt } from './receipt.js'
import { sendOnce } from './send-once.js'

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
followNews()
