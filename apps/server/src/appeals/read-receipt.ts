import type { Context } from '../context.ts'
import { isId } from '../ids.ts'
import type { FileType, Side } from './appeal.ts'
import { receiptPurpose } from './keep-file.ts'
import { isVisible } from './rules/visible.ts'
import type { AppealKey } from './table.ts'
import { insertFetch, type StoredFile, selectFile, selectThread } from './thread-table.ts'

export type ReceiptFile = { readonly name: string; readonly type: FileType; readonly bytes: Buffer }

/** Who asks: somebody with a signed address, or one of a side's people, for a file of this appeal that his side may see. */
export type Fetcher = { readonly ip: string } & (
  | { readonly way: 'link' }
  | { readonly way: 'desk'; readonly appeal: AppealKey; readonly reader: Side }
)

/** The bytes as they were handed in, and a line about who has them now. `null` = there is none for him, or it is deleted. */
export async function readReceipt(ctx: Context, id: string, fetcher: Fetcher): Promise<ReceiptFile | null> {
  const file = isId('receipt', id) ? await selectFile(ctx.sql, id) : null
  if (!file || !(await maySee(ctx, file, fetcher))) return null
  await insertFetch(ctx.sql, { receipt_id: id, at: ctx.now(), ip: fetcher.ip, way: fetcher.way })
  const bytes = ctx.secrets.decryptBytes(file.content_encrypted, receiptPurpose(id))
  return { name: file.name, type: file.type, bytes }
}

async function maySee(ctx: Context, file: StoredFile, fetcher: Fetcher): Promise<boolean> {
  if (fetcher.way === 'link') return true
  const { appeal, reader } = fetcher
  if (file.appeal_id !== appeal.id || file.account_id !== appeal.account_id) return false
  if (file.message_id === null) return true
  const message = (await selectThread(ctx.sql, appeal)).find(({ id }) => id === file.message_id)
  return message !== undefined && isVisible(message, reader)
}
