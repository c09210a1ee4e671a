/** Brings an operation to its result: at once, by the payer, by time, or by hand on the control page. */
import { randomBytes, randomInt } from 'node:crypto'
import { scriptOf } from '../terminals/terminal.ts'
import { later, type World } from '../world.ts'
import { notify } from './notify.ts'
import type { Operation, Result } from './operation.ts'

/** Writes the result into the operation. Charges take their money here, authorizations hold it. */
export function applyResult(operation: Operation, result: Result, taken: string): void {
  operation.status = result.status
  if (result.status === 'approved') {
    operation.taken = operation.operation === 'charge' ? taken : '0'
    operation.held = operation.operation === 'authorize' ? taken : '0'
    operation.code = '00'
    operation.text = 'Approved'
    operation.rrn = networkNumber()
    operation.approval_code = operation.test ? '654321' : String(randomInt(100_000, 999_999))
    if (operation.tokenize) operation.card_token = `tok_${randomBytes(12).toString('hex')}`
  }
  if (result.status === 'declined') {
    operation.code = result.code
    operation.advice_code = result.advice_code
    operation.reason = result.reason
    operation.text = result.text
    operation.wished_code = result.wished_code ?? null
    if (result.code !== null) operation.rrn = networkNumber()
  }
}

/** The retrieval reference number: 12 digits. */
function networkNumber(): string {
  return String(randomInt(1e11, 1e12 - 1))
}

/** Settles an operation that waits, and tells the platform. `false` = it was decided already. */
export function settle(world: World, operation: Operation, result: Result, taken: string = operation.asked): boolean {
  if (operation.status !== 'pending' && operation.status !== 'action_required') return false
  applyResult(operation, result, taken)
  world.book.save(operation)
  const terminal = world.terminals.get(operation.terminal)
  if (!terminal) return true
  if (result.status === 'pending') settleByTime(world, operation)
  else notify(world, terminal, operation, false)
  return true
}

/** A pending operation is approved by itself when the terminal's script says after how long. */
export function settleByTime(world: World, operation: Operation): void {
  const terminal = world.terminals.get(operation.terminal)
  const pending_ms = terminal && scriptOf(terminal, operation).pending_ms
  if (operation.status !== 'pending' || pending_ms === null || pending_ms === undefined) return
  later(world, pending_ms, () => settle(world, operation, { status: 'approved' }))
}
