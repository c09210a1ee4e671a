import { createHash } from 'node:crypto'
import type { Context } from '../context.ts'
import { newId } from '../ids.ts'
import type { SentFile, Side } from './appeal.ts'
import { type FileFault, isFileType, readFileType, shownName } from './rules/file-type.ts'
import type { NewFile } from './thread-table.ts'

/** What encrypted bytes are bound to. */
export function receiptPurpose(receipt_id: string): string {
  return `receipt:${receipt_id}`
}

/** A file as it will be stored: known by its content, unchanged, encrypted. Or why it is refused. */
export function keepFile(
  ctx: Pick<Context, 'secrets'>,
  file: SentFile,
  of: { readonly side: Side; readonly message_id: string | null; readonly now: Date },
): NewFile | FileFault {
  const type = readFileType(file.bytes)
  if (!isFileType(type)) return type
  const id = newId('receipt', of.now)
  return {
    id,
    message_id: of.message_id,
    name: shownName(file.name),
    type,
    size_bytes: file.bytes.length,
    sha256: createHash('sha256').update(file.bytes).digest(),
    content_encrypted: ctx.secrets.encryptBytes(file.bytes, receiptPurpose(id)),
    side: of.side,
    created_at: of.now,
  }
}
