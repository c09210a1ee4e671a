import type { Actor } from './appeal.ts'

/** Clocks, and answers of providers' endpoints. */
export const bySystem: Actor = { side: 'system', name: 'cascad', ip: null }
