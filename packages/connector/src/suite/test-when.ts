import { test } from 'node:test'

/** Registers a test only where the connector declares what it proves. */
export function testWhen(declared: unknown, name: string, body: () => void | Promise<void>): void {
  if (declared) test(name, body)
}
