/**
 * The log of calls of providers' endpoints. Calls are gathered in memory and written together, so no payment waits for them; what
 * cannot be written is given up. Cascade API, sections 2 and 15.
 */
import { maskNumbers } from '@cascad/provider-kit/mask'
import type { Context } from '../context.ts'
import { isClosed } from '../database/is-closed.ts'
import { newId } from '../ids.ts'
import { maskBody } from './mask-body.ts'
import { insertCalls, type ProviderCall } from './provider-call-table.ts'

/** A call as it was made. Bodies are masked before they are kept anywhere. */
export type CallMade = Omit<ProviderCall, 'id' | 'request'> & {
  /** The body as it was sent. */
  readonly request: string
  /** Texts that are never kept, wherever they stand: the key of the endpoint. */
  readonly secrets?: readonly string[]
}

type Memory = { calls: ProviderCall[]; timer: NodeJS.Timeout | null; flushing: Promise<void> }

const memories = new WeakMap<object, Memory>()

const flushAfter_ms = 500
const batch_max = 500
/** More than this is only gathered while the database is away. */
const calls_max = 20_000
const reading_max = 500

type Needs = Pick<Context, 'sql' | 'now' | 'events'>

function memoryOf(ctx: Needs): Memory {
  let memory = memories.get(ctx.sql)
  if (!memory) {
    memory = { calls: [], timer: null, flushing: Promise.resolve() }
    memories.set(ctx.sql, memory)
  }
  return memory
}

/** Keeps a call for the log. Returns at once and never throws. */
export function recordCall(ctx: Needs, made: CallMade): void {
  try {
    const memory = memoryOf(ctx)
    if (memory.calls.length >= calls_max) return
    memory.calls.push(keptOf(ctx, made))
    memory.timer ??= setTimeout(() => void flushCalls(ctx), flushAfter_ms).unref()
  } catch (error) {
    ctx.events.fault('provider call log', error)
  }
}

function keptOf(ctx: Needs, { secrets = [], ...call }: CallMade): ProviderCall {
  const request = maskBody(call.request, secrets)
  return {
    ...call,
    id: newId('provider_call', ctx.now()),
    ms: Math.max(0, Math.round(call.ms)),
    request: isJson(request) ? request : JSON.stringify(request),
    answer: call.answer === null ? null : maskBody(call.answer, secrets),
    reading: maskNumbers(call.reading).replaceAll('\0', '').slice(0, reading_max).toWellFormed(),
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Writes what was gathered so far; for the end of a process, and before the log is read. Never throws. */
export function flushCalls(ctx: Needs): Promise<void> {
  const memory = memoryOf(ctx)
  if (memory.timer) clearTimeout(memory.timer)
  memory.timer = null
  memory.flushing = memory.flushing.then(() => flush(ctx, memory))
  return memory.flushing
}

async function flush(ctx: Needs, memory: Memory): Promise<void> {
  const { calls } = memory
  memory.calls = []
  try {
    for (let from = 0; from < calls.length; from += batch_max)
      await insertCalls(ctx.sql, calls.slice(from, from + batch_max))
  } catch (error) {
    if (!isClosed(error)) ctx.events.fault('provider call log', error, { calls: calls.length })
  }
}
