/** The fields a service asks for, checked against its own patterns. Contract 11.1, 17.2. */
import { matchesField } from '../../directory/rules/match-field.ts'
import type { ServiceField, ServiceFlow } from '../../directory/service.ts'

const blank = 'This value should not be blank.'
const invalid = 'This value is not valid.'
const valueMax = 500

/** What the test flow understands, whatever the case. */
const testWords: ReadonlySet<string> = new Set(['success', 'pending', 'fail'])

/** One message per failing field; the keys are those of the request: `service_fields.<key>`. */
export function checkServiceFields(
  service: { readonly fields: readonly ServiceField[]; readonly flow: ServiceFlow },
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const problems: Record<string, string> = {}
  for (const field of service.fields) {
    const value = given[field.key] ?? ''
    if (value === '') {
      if (field.required) problems[`service_fields.${field.key}`] = blank
    } else if (value.length > valueMax || !matches(field, value) || !isKnownWord(service.flow, field, value)) {
      problems[`service_fields.${field.key}`] = invalid
    }
  }
  return problems
}

/** The pattern holds for the whole value; none holds for every value. */
function matches(field: ServiceField, value: string): boolean {
  return field.regexp === '' || matchesField(field, value)
}

function isKnownWord(flow: ServiceFlow, field: ServiceField, value: string): boolean {
  return flow !== 'test' || field.key !== 'status' || testWords.has(value.toLowerCase())
}
