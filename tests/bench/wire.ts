/**
 * One kept-alive HTTP/1.1 connection to the product, one request at a time, with as little work as a client can: the load shares
 * the cores with what it measures. Answers must have a Content-Length; their text is read byte by byte, so only ASCII is right.
 */
import { connect } from 'node:net'

export type Answer = { readonly status: number; readonly text: string }

export type Wire = {
  readonly post: (path: string, authorization: string, body: string) => Promise<Answer>
  readonly close: () => void
}

export function openWire(url: string): Wire {
  const { hostname, port, host } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  let waiting: PromiseWithResolvers<Answer> | null = null
  let failure: Error | null = null
  let got = ''
  let status = 0
  /** Bytes of the body; -1 = its head has not come yet. */
  let length = -1

  const fail = (error: Error): void => {
    failure = error
    waiting?.reject(error)
    waiting = null
  }
  const readHead = (): void => {
    const end = got.indexOf('\r\n\r\n')
    if (end < 0) return
    const head = got.slice(0, end)
    const [, digits] = /\r\ncontent-length: *(\d+)/i.exec(head) ?? []
    if (digits === undefined) return void socket.destroy(new Error(`an answer without a length: ${head}`))
    status = Number(head.slice(9, 12))
    length = Number(digits)
    got = got.slice(end + 4)
  }
  socket.setEncoding('latin1')
  socket.on('error', fail)
  socket.on('close', () => fail(failure ?? new Error('the product closed the connection')))
  socket.on('data', (chunk) => {
    got += chunk
    if (length < 0) readHead()
    if (length < 0 || got.length < length) return
    const text = got.slice(0, length)
    got = got.slice(length)
    length = -1
    const { resolve } = waiting ?? {}
    waiting = null
    resolve?.({ status, text })
  })

  return {
    async post(path, authorization, body) {
      if (failure) throw failure
      const answer = Promise.withResolvers<Answer>()
      waiting = answer
      socket.write(
        `POST ${path} HTTP/1.1\r\nhost: ${host}\r\nauthorization: ${authorization}\r\ncontent-type: application/json\r\n` +
          `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      )
      return answer.promise
    },
    close: () => void socket.destroy(),
  }
}
