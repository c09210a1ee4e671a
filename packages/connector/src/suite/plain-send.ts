/** The suite's own `send`: one HTTP request over a fresh connection, tight limits, never throws. */
import { request as httpRequest } from 'node:http'
import type { Send, SendRequest, SendResult } from '../connector.ts'

const response_bytes_max = 1_000_000

export type PlainLimits = {
  readonly read_timeout_ms: number
  /** Longest that an answer is listened for after its limit; left out = not at all. */
  readonly listen_max_ms?: number
}

export function createPlainSend(limits: PlainLimits): Send {
  return (request) =>
    new Promise<SendResult>((resolve) => {
      const { answer, give_up } = exchange(request, limits)
      const { answer_timeout_ms, listen_ms } = request
      const listen_for_ms = Math.min(listen_ms ?? 0, limits.listen_max_ms ?? 0)
      const late = () => {
        const end = setTimeout(() => give_up('no answer at all'), listen_for_ms)
        return answer.finally(() => clearTimeout(end))
      }
      const onLimit = () => {
        if (listen_for_ms > 0) resolve({ type: 'unknown', detail: 'no answer in time', late: late() })
        else give_up('no answer in time')
      }
      const limit = answer_timeout_ms === undefined ? undefined : setTimeout(onLimit, answer_timeout_ms)
      answer.then((result) => {
        clearTimeout(limit)
        resolve(result)
      })
    })
}

function exchange({ method, url, headers, body }: SendRequest, { read_timeout_ms }: PlainLimits) {
  let give_up = (_detail: string): void => {}
  const answer = new Promise<SendResult>((resolve) => {
    let connected = false
    const failed = (detail: string): SendResult => ({ type: connected ? 'unknown' : 'not_sent', detail })
    const request = httpRequest(url, { method, headers: { ...headers }, agent: false }, (response) => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        size += chunk.length
        if (size > response_bytes_max) response.destroy(new Error('answer too long'))
      })
      response.on('end', () =>
        resolve({
          type: 'response',
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)])),
          body: Buffer.concat(chunks).toString(),
        }),
      )
      response.on('error', (error) => resolve(failed(error.message)))
    })
    give_up = (detail) => request.destroy(new Error(detail))
    request.on('socket', (socket) => socket.once('connect', () => (connected = true)))
    request.setTimeout(read_timeout_ms, () => give_up('no answer in time'))
    request.on('error', (error) => resolve(failed(error.message)))
    request.end(body)
  })
  return { answer, give_up: (detail: string) => give_up(detail) }
}
