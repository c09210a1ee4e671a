import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig } from './config.ts'

test('private addresses are called in the demo, and elsewhere only where the installation says so', () => {
  const production = {
    CASCAD_MODE: 'production',
    DATABASE_URL: 'postgres://cascad@db/cascad',
    CASCAD_SECRET_KEY: Buffer.alloc(32, 1).toString('base64'),
    CASCAD_PUBLIC_URL: 'https://pay.example.com',
  }
  assert.equal(readConfig({}).allow_private_targets, true)
  assert.equal(readConfig(production).allow_private_targets, false)
  assert.equal(readConfig({ ...production, CASCAD_PRIVATE_TARGETS: 'on' }).allow_private_targets, true)
  assert.throws(() => readConfig({ CASCAD_PRIVATE_TARGETS: 'yes' }), /use one of on, off/)
})

test('a mail server is read from its URL, and a mistake in it never shows its password', () => {
  const from = { CASCAD_MAIL_FROM: 'payments@cascad.example' }
  const smtp = (url: string) => readConfig({ ...from, CASCAD_SMTP_URL: url }).mail?.smtp
  assert.equal(readConfig({}).mail, null)
  assert.equal(readConfig(from).mail, null)
  assert.deepEqual(smtp('smtp://mail.example.com'), { host: 'mail.example.com', port: 587, secure: false, login: null })
  assert.deepEqual(smtp('smtps://me%40example.com:p%40ss%2Fword@[::1]:4465'), {
    host: '::1',
    port: 4465,
    secure: true,
    login: { user: 'me@example.com', password: 'p@ss/word' },
  })
  assert.equal(smtp('smtps://mail.example.com')?.port, 465)
  for (const url of [
    'https://u:secret@mail.example.com',
    'smtp://u:secret@mail.example.com/path',
    'smtp://u:secret@mail.example.com?secure=false',
    'smtp://u:secret%zz@mail.example.com',
    'smtp://u:secret@mail.example.com:0',
    'smtp://:secret@mail.example.com',
    'smtp:u:secret@',
    'u:secret',
  ])
    assert.throws(
      () => smtp(url),
      (error: Error) => /CASCAD_SMTP_URL/.test(error.message) && !/secret/.test(error.message),
      url,
    )
})

test('a mail server needs an address mails come from, and addresses are plain ones', () => {
  const server = { CASCAD_SMTP_URL: 'smtp://127.0.0.1' }
  assert.throws(() => readConfig(server), /CASCAD_MAIL_FROM is missing/)
  const full = { ...server, CASCAD_MAIL_FROM: 'a@b.example', CASCAD_OPERATOR_EMAIL: 'ops@b.example' }
  assert.deepEqual([readConfig(full).mail?.from, readConfig(full).mail?.operator], ['a@b.example', 'ops@b.example'])
  for (const wrong of [
    'Cascad <a@b.example>',
    'a@b.example\r\nBcc: c@d.example',
    'a@b.example,c@d.example',
    'ab.example',
  ])
    assert.throws(() => readConfig({ ...full, CASCAD_OPERATOR_EMAIL: wrong }), /CASCAD_OPERATOR_EMAIL/)
})
