/** Answers as only bytes can say them: what servers, proxies and programs put on the line that no library would write. */
import { gzipSync } from 'node:zlib'
import type { Body, Shape, TransferTrouble } from './transfer-trouble.ts'

type Bytes = string | Uint8Array

function raw(name: string, status: number, body: Body, bytes: (right: string) => Bytes): TransferTrouble {
  const fault = { arrives: true, how: { kind: 'raw', bytes } } as const
  return { name, shape: { seen: 'answer', status, body }, fault, arrives: true }
}

/** The line stays open, and nothing more comes. */
function unfinished(name: string, shape: Shape, bytes: (right: string) => Bytes): TransferTrouble {
  const fault = { arrives: true, how: { kind: 'raw', bytes, open: true } } as const
  return { name, shape, fault, arrives: true, slow: true }
}

const unfinishedAs = (shape: Shape): readonly TransferTrouble[] => [
  unfinished('headers only', shape, () => head(['content-length: 400'])),
  unfinished('a body without end', shape, chunked),
]

function chunked(body: string): string {
  return `${head(['transfer-encoding: chunked'])}${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n`
}

function head(lines: readonly string[], status = '200 OK'): string {
  return [`HTTP/1.1 ${status}`, 'connection: close', ...lines, '', ''].join('\r\n')
}

function whole(body: string, status?: string): string {
  return head([`content-length: ${Buffer.byteLength(body)}`], status) + body
}

function zipped(body: string): Uint8Array {
  const bytes = gzipSync(body)
  return Buffer.concat([Buffer.from(head(['content-encoding: gzip', `content-length: ${bytes.length}`])), bytes])
}

/** A name in the Windows encoding of Cyrillic letters. */
function encoded(body: string): Uint8Array {
  const [before = '', after = ''] = body.split(/(?<="owner":")[^"]*/)
  const name = Buffer.from([0xc8, 0xe2, 0xe0, 0xed])
  const bytes = Buffer.concat([Buffer.from(before), name, Buffer.from(after)])
  return Buffer.concat([Buffer.from(head([`content-length: ${bytes.length}`])), bytes])
}

/** At every event. */
export const rawAnswers: readonly TransferTrouble[] = [
  raw('multi-status', 207, 'right', (right) => whole(right, '207 Multi-Status')),
  raw('hints before', 200, 'right', (right) => `HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\n${whole(right)}`),
  raw('byte order mark', 200, 'right', (right) => whole(`\ufeff${right}`)),
  raw('compressed unasked', 200, 'plain', zipped),
  raw('length too small', 200, 'plain', (right) => head(['content-length: 1']) + right),
  { ...raw('another protocol', 200, 'plain', () => 'SSH-2.0-OpenSSH_9.9\r\n'), shape: { seen: 'nothing' } },
]

/** Where the body says what is meant, half of it says nothing; everywhere else the status is all that counts. */
export const unfinishedAnswers = unfinishedAs({ seen: 'nothing' })
export const unfinishedOrders = unfinishedAs({ seen: 'answer', status: 200, body: 'plain' })

/** Of the creation alone. */
export const rawIssues: readonly TransferTrouble[] = [
  raw('owner in another encoding', 200, 'incomplete', encoded),
  raw('status twice, the last counts', 200, 'right', (right) => whole(right.replace('{', '{"status":"failed",'))),
]
