import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ServiceField } from '../../directory/service.ts'
import { checkServiceFields } from './service-fields.ts'

function checked(regexp: string, value: string): Record<string, string> {
  const field: ServiceField = {
    key: 'account',
    type: 'text',
    label: { en: 'Account' },
    hint: null,
    example: null,
    regexp,
    required: true,
    position: 1,
  } as unknown as ServiceField
  return checkServiceFields({ fields: [field], flow: 'hpp' }, { account: value })
}

const refused = { 'service_fields.account': 'This value is not valid.' }

test('a pattern holds for the whole value; none lets everything through', () => {
  assert.deepEqual(checked('\\d{4}|x', '1234'), {})
  assert.deepEqual(checked('\\d{4}|x', '12345'), refused)
  assert.deepEqual(checked('', 'anything'), {})
  assert.deepEqual(checked('', 'a'.repeat(501)), refused)
})

test('a pattern with escapes that only the lenient form knows is read as the directory took it in', () => {
  assert.deepEqual(checked('\\w+\\@\\w+', 'payer@example'), {})
  assert.deepEqual(checked('\\w+\\@\\w+', 'payer'), refused)
})
