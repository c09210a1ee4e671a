/** What a handed-in file is, by its first bytes and never by its name. Cascade API, section 12. */
import type { FileType } from '../appeal.ts'

export const fileBytesMax = 10_485_760
/** Beside the receipt. */
export const evidenceFilesMax = 5

const starts: readonly (readonly [FileType, readonly number[]])[] = [
  ['pdf', [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['jpg', [0xff, 0xd8, 0xff]],
  ['png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
]

export const contentTypes: Readonly<Record<FileType, string>> = {
  pdf: 'application/pdf',
  jpg: 'image/jpeg',
  png: 'image/png',
}

export type FileFault = 'receipt_empty' | 'receipt_type' | 'receipt_too_big'

/** The type, or why the file is refused. */
export function readFileType(bytes: Uint8Array): FileType | FileFault {
  if (bytes.length === 0) return 'receipt_empty'
  if (bytes.length > fileBytesMax) return 'receipt_too_big'
  const found = starts.find(([, start]) => start.every((byte, index) => bytes[index] === byte))
  return found ? found[0] : 'receipt_type'
}

export function isFileType(read: FileType | FileFault): read is FileType {
  return read in contentTypes
}

/** The name without folders and control characters, as it may be shown. */
export function shownName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? ''
  const clean = last.replace(/\p{C}/gu, '').trim().slice(0, 120)
  return clean === '' ? 'file' : clean
}
