/** Forms that bring a file: `multipart/form-data`, read by the parser that Node carries. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Problem } from './problem.ts'
import { addressKey } from './rate-limit.ts'

export type UploadedFile = { readonly name: string; readonly bytes: Uint8Array }

export type Upload = {
  /** Text fields; of several with one name the first. */
  readonly fields: Readonly<Record<string, string>>
  /** Files by field; a file input that was left empty is not among them. */
  readonly files: Readonly<Record<string, UploadedFile>>
}

/** More than a form of ours has; each one costs the parser time. */
const partsMax = 40

/** The one parameter, and nothing that two readers could read in two ways: the parts are counted by what stands here. */
const uploadType =
  /^multipart\/form-data;\s*boundary=(?:"([\w'()+,./:=? -]{1,70})"|([\w'()+,./:=?-]{1,70}))\s*(?:;\s*charset=[\w-]{1,20}\s*)?$/i

/** Adds routes whose bodies stay bytes, up to `bytes_max`; 413 beyond. Senders over their limits are refused before a byte is read. */
export function uploadRoutes(app: FastifyInstance, bytes_max: number, addRoutes: (app: FastifyInstance) => void): void {
  app.register(async (inner) => {
    inner.removeAllContentTypeParsers()
    inner.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: bytes_max }, (_request, body, done) =>
      done(null, body),
    )
    inner.addHook('onRequest', async (request, reply) => {
      app.limits.public_by_ip.look(request.ip)
      app.upload_slots.take(request, reply, addressKey(request.ip))
    })
    addRoutes(inner)
  })
}

export function isUpload(request: FastifyRequest): boolean {
  return request.sent_content_type.startsWith('multipart/form-data')
}

/** The fields and files of the form; 400 when the body is none. */
export async function readUpload(request: FastifyRequest): Promise<Upload> {
  const type = sentType(request)
  const { body } = request
  const boundary = uploadType.exec(type)
  if (!boundary || !Buffer.isBuffer(body)) throw new Problem(400)
  if (countOf(body, `--${boundary[1] ?? boundary[2]}`) > partsMax + 1) throw new Problem(400)
  const form = await parse(body, type)
  const fields: Record<string, string> = Object.create(null)
  const files: Record<string, UploadedFile> = Object.create(null)
  for (const [name, value] of form) {
    if (typeof value === 'string') fields[name] ??= value
    else if (value.name !== '' || value.size > 0)
      files[name] ??= { name: value.name, bytes: new Uint8Array(await value.arrayBuffer()) }
  }
  return { fields, files }
}

async function parse(body: Buffer, type: string): Promise<FormData> {
  try {
    return await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData()
  } catch {
    throw new Problem(400)
  }
}

/** The Content-Type as it came: the one in the request is set aside in small letters, and boundaries know large ones. */
function sentType({ raw }: FastifyRequest): string {
  const at = raw.rawHeaders.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'content-type')
  return at < 0 ? '' : (raw.rawHeaders[at + 1] ?? '')
}

function countOf(body: Buffer, text: string): number {
  let count = 0
  for (let at = body.indexOf(text); at >= 0 && count <= partsMax + 1; at = body.indexOf(text, at + text.length))
    count += 1
  return count
}
