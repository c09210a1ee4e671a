/** The tests every connector passes: `connectorStructure` alone while there is no simulator, `connectorContract` with one. */
import type { TSchema } from 'typebox'
import { type Behaviour, connectorBehaviour, type HeldTreatment, type Rig, type Treatment } from './suite/behaviour.ts'
import { connectorStructure, type Structure } from './suite/structure.ts'

export { anyResponse } from './suite/any-answer.ts'
export { createPlainSend } from './suite/plain-send.ts'
export { sampleCard, sampleCharge, sampleOperation, sampleRefund, sampleStatus, sampleVoid } from './suite/samples.ts'
export { assertWellFormed } from './suite/well-formed.ts'
export type { HeldTreatment, Rig, Treatment }
export { connectorStructure }

/** Registers all tests of a connector with `node:test`. */
export function connectorContract<Schema extends TSchema>(contract: Structure<Schema> & Behaviour<Schema>): void {
  connectorStructure(contract)
  connectorBehaviour(contract)
}
