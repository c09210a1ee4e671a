/** Answers what is no proper HTTP request, so that no route ever sees it: broken bytes, huge headers, endless sending. */
import type { Socket } from 'node:net'

const statuses: Readonly<Record<string, readonly [number, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
}

/** Writes the answer to the socket and closes it; nothing is told about the cause. */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy()
    return
  }
  const [status, text] = statuses[error.code ?? ''] ?? [400, 'Bad Request']
  const body = JSON.stringify({ errors: [{ status: text, code: String(status) }] })
  socket.end(
    `HTTP/1.1 ${status} ${text}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${body.length}\r\n` +
      `Cache-Control: no-store\r\nConnection: close\r\n\r\n${body}`,
  )
}
