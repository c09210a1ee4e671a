import type { Context } from '../context.ts'
import { isId } from '../ids.ts'
import type { FileType } from './appeal.ts'
import { receiptPurpose } from './keep-file.ts'
import type { AppealKey } from './table.ts'
import { insertFetch, selectFile } from './thread-table.ts'

export type ReceiptFile = { readonly name: string; readonly type: FileType; readonly bytes: Buffer }

/** Who asks: with a signed address, or one of the provider's people for a file of this appeal. */
export type Fetcher = { readonly ip: string } & (
  | { readonly way: 'link' }
  | { readonly way: 'desk'; readonly appeal: AppealKey }
)

/** The bytes as they were handed in, and a line about who has them now. `null` = there is none, or it is deleted. */
export async function readReceipt(ctx: Context, id: string, fetcher: Fetcher): Promise<ReceiptFile | null> {
  const file = isId('receipt', id) ? await selectFile(ctx.sql, id) : null
  if (!file) return null
  const { appeal_id, account_id } = file
  if (fetcher.way === 'desk' && (appeal_id !== fetcher.appeal.id || account_id !== fetcher.appeal.account_id))
    return null
  await insertFetch(ctx.sql, { receipt_id: id, at: ctx.now(), ip: fetcher.ip, way: fetcher.way })
  const bytes = ctx.secrets.decryptBytes(file.content_encrypted, receiptPurpose(id))
  return { name: file.name, type: file.type, bytes }
}
