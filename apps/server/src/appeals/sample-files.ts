/** For tests: the smallest files of each kind, and one that is none of them. */
const bytes = (...list: readonly number[]): Uint8Array => Uint8Array.from([...list, 0, 1, 2, 3])

export const sampleFiles = {
  pdf: new TextEncoder().encode('%PDF-1.7\n%receipt\n%%EOF\n'),
  jpg: bytes(0xff, 0xd8, 0xff, 0xe0),
  png: bytes(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
  exe: new TextEncoder().encode('MZ\u0090 this program cannot be run'),
} as const

export const sampleReceipt = { name: 'receipt.pdf', bytes: sampleFiles.pdf }

/** As a merchant sends it. */
export const sentReceipt = { name: 'receipt.pdf', content: Buffer.from(sampleFiles.pdf).toString('base64') }
