/** How a desk's verdict reaches the platform: by itself, by a hand on the control page, after an outage, and when it comes too late. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { TraderAppeal } from '../../apps/simulators/src/traders/desk.ts'
import { openStory, type Story, until } from './cascade-story-world.ts'

let story: Story
before(async () => {
  story = await openStory()
})
after(() => story?.close())

const newest = (): TraderAppeal => story.desks.appeals('volga').at(-1) as TraderAppeal
const isTold = (state: string) => until(`verdict ${state}`, async () => newest().told.state === state)

/** An appeal about a payment that failed, of which the desk knows. */
async function appealed(step = 'issue'): Promise<{ id: string; appeal_id: string }> {
  const known = story.desks.appeals('volga').length
  story.desks.script('volga', { steps: [step] })
  const id = await story.invoice()
  const { order } = await story.issued(id)
  story.desks.setPayment('volga', order.id, { status: 'failed' })
  story.pass(1)
  await story.reaches(id, 'process_failed')
  const { id: appeal_id } = await story.appeal(id, { reason: 'not_credited' })
  await until('the appeal at the desk', async () => story.desks.appeals('volga').length > known)
  return { id, appeal_id }
}

/** What a person presses on the control page. */
async function press(fields: Record<string, string>): Promise<void> {
  const answer = await fetch(`${story.world.simulators.url}/control/traders/volga/appeals/${newest().id}`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams(fields),
  })
  assert.equal(answer.status, 303)
}

test('a person accepts on the control page, and the payment is processed', async () => {
  const { id, appeal_id } = await appealed()
  assert.deepEqual(newest().told, { state: 'not_yet', text: '' })
  await press({ verdict: 'accept' })
  await story.appealReaches(id, appeal_id, 'confirmed')
  await isTold('told')
  await story.reaches(id, 'processed')
  const page = await (await fetch(`${story.world.simulators.url}/control/traders`)).text()
  assert.match(page, /the desk says accept, the platform was told/)
})

test('a person rejects with a reason of his choice', async () => {
  const { id, appeal_id } = await appealed()
  await press({ verdict: 'reject', reason: 'wrong_requisites' })
  const { rejection } = await story.appealReaches(id, appeal_id, 'rejected')
  assert.equal(rejection.reason, 'wrong_requisites')
})

test('a reason of his own words is another reason', async () => {
  const { id, appeal_id } = await appealed()
  story.desks.judge('volga', newest().id, { verdict: 'reject', reason: 'The card was lost in May.' })
  const { rejection } = await story.appealReaches(id, appeal_id, 'rejected')
  assert.deepEqual([rejection.reason, rejection.text], ['other', 'The card was lost in May.'])
})

test('a desk that gives appeals no ids finds its own by the payment', async () => {
  const { id, appeal_id } = await appealed('appeal:no_id')
  assert.equal(newest().id, newest().payment_id)
  await press({ verdict: 'accept' })
  await story.appealReaches(id, appeal_id, 'confirmed')
  await until('the confirmation', async () => newest().state === 'confirmed')
})

test('while the platform is away the desk tries again, and what it says in the end is what counts', async () => {
  const { answerTo } = story.world.simulators
  answerTo('http://127.0.0.1:1')
  const { id, appeal_id } = await appealed('appeal:reject')
  await until('a try in vain', async () => newest().told.text.startsWith('it cannot be reached'))
  assert.equal(newest().told.state, 'waiting')
  await story.appealReaches(id, appeal_id, 'submitted')
  story.desks.judge('volga', newest().id, { verdict: 'accept' })
  answerTo(story.world.url)
  await story.appealReaches(id, appeal_id, 'confirmed')
  await isTold('told')
})

test('a verdict after the end is not taken, and the desk says so', async () => {
  const { id, appeal_id } = await appealed()
  await story.appealReaches(id, appeal_id, 'submitted')
  await story.call('POST', `/payment-invoices/${id}/appeals/${appeal_id}/withdraw`)
  await until('the end at the desk', async () => newest().state === 'cancelled')
  story.desks.judge('volga', newest().id, { verdict: 'accept' })
  await isTold('refused')
  assert.equal(newest().told.text, 'the platform has cancelled it')
  assert.equal((await story.attributes(id)).status, 'process_failed')
})

test('a verdict that comes after the time for it is not taken: an operator has it', async () => {
  const { id, appeal_id } = await appealed()
  await story.appealReaches(id, appeal_id, 'submitted')
  story.pass(24 * 60 + 1)
  await story.appealReaches(id, appeal_id, 'arbitration')
  story.desks.judge('volga', newest().id, { verdict: 'accept' })
  await isTold('refused')
  assert.equal(newest().told.text, 'for the platform it is in state arbitration')
})
