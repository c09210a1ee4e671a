/** Credentials of a gateway as an operator gives them: JSON, or a line `name=value` each. What was typed is never repeated. */
import type { Connector } from '@cascad/connector'
import { Check, Errors } from 'typebox/value'

type Property = { readonly type?: string; readonly secret?: boolean }

export type CredentialField = { readonly name: string; readonly required: boolean; readonly secret: boolean }

export type ReadCredentials =
  | { readonly credentials: object; readonly mistakes: null }
  | { readonly credentials: null; readonly mistakes: readonly string[] }

function propertiesOf({ credentials }: Connector): Readonly<Record<string, Property>> {
  return (credentials as { properties?: Record<string, Property> }).properties ?? {}
}

/** What the connector's schema asks for. */
export function credentialFields(connector: Connector): CredentialField[] {
  const required = (connector.credentials as { required?: readonly string[] }).required ?? []
  return Object.entries(propertiesOf(connector)).map(([name, { secret = false }]) => ({
    name,
    required: required.includes(name),
    secret,
  }))
}

/** The credentials as the connector's schema wants them, or a sentence for every one that is wrong. */
export function readCredentials(connector: Connector, text: string): ReadCredentials {
  const given = text.replace(/^\uFEFF/, '').trim()
  const { value, mistakes } = given.startsWith('{') ? fromJson(given) : fromLines(given, connector)
  const all = [...mistakes, ...(value === null ? [] : mistakesIn(value, connector))]
  if (value !== null && all.length === 0) return { credentials: value, mistakes: null }
  return { credentials: null, mistakes: all }
}

type Parsed = { readonly value: object | null; readonly mistakes: readonly string[] }

function fromJson(text: string): Parsed {
  try {
    return { value: JSON.parse(text) as object, mistakes: [] }
  } catch {
    return { value: null, mistakes: ['what begins with "{" is not valid JSON'] }
  }
}

function fromLines(text: string, connector: Connector): Parsed {
  const properties = propertiesOf(connector)
  const value: Record<string, unknown> = {}
  const mistakes: string[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const [, name, written = ''] = /^\s*([A-Za-z]\w*)=(.*)$/.exec(line.replace(/\r$/, '')) ?? []
    const property = name !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined
    if (name === undefined || !property) mistakes.push(`line ${index + 1} is no name=value of ${namesOf(connector)}`)
    else if (Object.hasOwn(value, name)) mistakes.push(`${name} is given twice`)
    else value[name] = typed(written.trim(), property)
  }
  return { value, mistakes }
}

/** Text, where the schema does not ask for something else. */
function typed(text: string, { type }: Property): unknown {
  if ((type === 'integer' || type === 'number') && /^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return text
}

const namesOf = (connector: Connector): string => Object.keys(propertiesOf(connector)).join(', ')

/** One for each name. */
function mistakesIn(value: object, connector: Connector): string[] {
  const known = propertiesOf(connector)
  const mistakes = new Map<string, string>()
  const add = (name: string, sentence: string) => mistakes.has(name) || mistakes.set(name, sentence)
  for (const { keyword, instancePath, params, message } of Errors(connector.credentials, value)) {
    const [, name = ''] = instancePath.split('/')
    if (keyword === 'required' && name === '')
      for (const one of params.requiredProperties) add(one, `${one} is missing`)
    else if (keyword === 'additionalProperties' && name === '')
      add('', `there is a name that is none of ${namesOf(connector)}`)
    else if (Object.hasOwn(known, name)) add(name, `${name} ${message}`)
  }
  if (mistakes.size === 0 && !Check(connector.credentials, value)) add('', 'they are not as the connector wants them')
  return [...mistakes.values()]
}
