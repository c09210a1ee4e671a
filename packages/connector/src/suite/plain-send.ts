/** The suite's own `send`: one HTTP request over a fresh connection, tight limits, never throws. */
import { request as httpRequest } from 'node:http'
import type { Send, SendResult } from '../connector.ts'

const response_bytes_max = 1_000_000

export function createPlainSend(limits: { readonly read_timeout_ms: number }): Send {
  return ({ method, url, headers, body }) =>
    new Promise<SendResult>((resolve) => {
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
      request.on('socket', (socket) => socket.once('connect', () => (connected = true)))
      request.setTimeout(limits.read_timeout_ms, () => request.destroy(new Error('no answer in time')))
      request.on('error', (error) => resolve(failed(error.message)))
      request.end(body)
    })
}
