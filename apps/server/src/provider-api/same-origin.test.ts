import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isSameOrigin } from './same-origin.ts'

test('ours are the public origin and the host that was asked', () => {
  assert.ok(isSameOrigin('https://pay.example.com', 'https://pay.example.com', '10.0.0.7:4000'))
  assert.ok(isSameOrigin('https://pay.example.com/path', 'https://pay.example.com', ''))
  assert.ok(isSameOrigin('https://pay.example.com', 'https://desk.example.com', 'desk.example.com'))
  assert.ok(isSameOrigin('http://127.0.0.1:4000', 'http://localhost:4000', 'localhost:4000'))
})

test('nothing else is', () => {
  for (const [public_url, origin, host] of [
    ['https://pay.example.com', undefined, 'pay.example.com'],
    ['https://pay.example.com', 'null', 'pay.example.com'],
    ['https://pay.example.com', '', 'pay.example.com'],
    ['https://pay.example.com', 'https://evil.example', 'pay.example.com'],
    ['https://pay.example.com', 'https://pay.example.com.evil.example', 'pay.example.com'],
    ['https://pay.example.com', 'https://pay.example.com:8443', 'pay.example.com'],
    ['https://pay.example.com', 'http://pay.example.com', 'pay.example.com'],
    ['https://pay.example.com', 'file://', ''],
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4001', '127.0.0.1:4000'],
    ['http://127.0.0.1:4000', 'ftp://127.0.0.1:4000', '127.0.0.1:4000'],
  ] as const)
    assert.equal(isSameOrigin(public_url, origin, host), false, `${origin} at ${host}`)
})
