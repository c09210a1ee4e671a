/** `npm run providers`: the people who use the dashboard of a provider, and what they read there. */
import { userInfo } from 'node:os'
import { findProvider } from '../cascades/find-provider.ts'
import type { Provider } from '../cascades/provider.ts'
import { setTopUpInstructions } from '../cascades/top-up-instructions.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database/connect.ts'
import { type Act, say } from '../database/run-command.ts'
import { isEmail } from '../http/text-forms.ts'
import { addPerson } from '../provider-api/add-person.ts'
import { changePerson } from '../provider-api/change-person.ts'
import { listPeople } from '../provider-api/list-people.ts'
import { type Person, type Role, roles } from '../provider-api/person.ts'
import { resetPassword } from '../provider-api/reset-password.ts'
import { type AuditDetail, writeAudit } from '../provider-api/write-audit.ts'
import { StartProblem } from '../start-problem.ts'

export const peopleUsage = `
  npm run providers -- people <provider>
  npm run providers -- add-person <provider> ${roles.join('|')} <e-mail> <name>
  npm run providers -- person <provider> <e-mail> ${roles.join('|')}|off
  npm run providers -- reset-password <provider> <e-mail>
  npm run providers -- instructions <provider> <text for whoever tops up>`

const misused = (): StartProblem => new StartProblem(`Use one of${peopleUsage}`)
const operator = `operator ${userInfo().username}`

async function providerOf(ctx: Context, id: string | undefined): Promise<Provider> {
  if (id === undefined) throw misused()
  const provider = await findProvider(ctx.sql, id)
  if (!provider) throw new StartProblem(`There is no provider ${id}.`)
  return provider
}

async function personOf(ctx: Context, provider: Provider, email = ''): Promise<Person> {
  const person = (await listPeople(ctx.sql, provider.id)).find((one) => one.email === email.toLowerCase())
  if (!person) throw new StartProblem(`Nobody of ${provider.name} signs in as ${email}.`)
  return person
}

const isRole = (word: string | undefined): word is Role => (roles as readonly (string | undefined)[]).includes(word)

type Note = { readonly action: string; readonly detail: AuditDetail }

const note = (ctx: Context, sql: Database, { id }: Provider, { action, detail }: Note): Promise<void> =>
  writeAudit(ctx, sql, { provider_id: id, person: operator, action, detail, ip: null })

const people: Act = async (ctx, [id]) => {
  const provider = await providerOf(ctx, id)
  for (const { email, name, role, active } of await listPeople(ctx.sql, provider.id))
    say(`${email}  ${role}${active ? '' : ' (off)'}  ${JSON.stringify(name)}`)
}

const add: Act = async (ctx, [id, role, email = '', ...words]) => {
  const provider = await providerOf(ctx, id)
  const name = words.join(' ').trim()
  if (!isRole(role) || !isEmail(email) || name === '') throw misused()
  const added = await addPerson(ctx, provider.id, { name, email, role }, operator, (tx, person) =>
    note(ctx, tx, provider, { action: 'team.add', detail: { email: person.email, role } }),
  )
  if (!added) throw new StartProblem(`Nothing was changed: somebody signs in as ${email} already.`)
  say(`${added.person.email} may sign in for ${provider.name} as ${role}, with the password ${added.initial_password}`)
}

const change: Act = async (ctx, [id, email, wish]) => {
  const provider = await providerOf(ctx, id)
  if (wish !== 'off' && !isRole(wish)) throw misused()
  const person = await personOf(ctx, provider, email)
  const wanted = wish === 'off' ? { active: false } : { active: true, role: wish }
  const done = await ctx.sql.begin(async (tx) => {
    const changed = await changePerson({ ...ctx, sql: tx }, provider.id, person.id, wanted)
    if (typeof changed !== 'string') {
      const { email: now, role, active } = changed
      await note(ctx, tx, provider, { action: 'team.change', detail: { email: now, role, active } })
    }
    return changed
  })
  if (done === 'last_owner') throw new StartProblem(`Nothing was changed: ${provider.name} would have no owner left.`)
  if (done === 'unknown') throw new StartProblem(`Nobody of ${provider.name} signs in as ${email}.`)
  say(`${done.email} is ${done.active ? done.role : 'off'}.`)
}

const reset: Act = async (ctx, [id, email]) => {
  const provider = await providerOf(ctx, id)
  const person = await personOf(ctx, provider, email)
  const password = await resetPassword(ctx, provider.id, person.id, (tx) =>
    note(ctx, tx, provider, { action: 'team.reset_password', detail: { email: person.email } }),
  )
  say(`${person.email} signs in with the password ${password}`)
}

const instructions: Act = async (ctx, [id, ...words]) => {
  const provider = await providerOf(ctx, id)
  if (words.length === 0) throw misused()
  await setTopUpInstructions(ctx, provider.id, words.join(' ').trim())
  say(`Whoever tops up for ${provider.name} reads that now.`)
}

export const peopleActs: readonly (readonly [string, Act])[] = [
  ['people', people],
  ['add-person', add],
  ['person', change],
  ['reset-password', reset],
  ['instructions', instructions],
]
