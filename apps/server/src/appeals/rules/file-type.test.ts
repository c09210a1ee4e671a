import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sampleFiles } from '../sample-files.ts'
import { fileBytesMax, readFileType, shownName } from './file-type.ts'

test('a file is what its first bytes say, whatever its name', () => {
  assert.equal(readFileType(sampleFiles.pdf), 'pdf')
  assert.equal(readFileType(sampleFiles.jpg), 'jpg')
  assert.equal(readFileType(sampleFiles.png), 'png')
  assert.equal(readFileType(sampleFiles.exe), 'receipt_type')
  assert.equal(readFileType(new TextEncoder().encode('<html>%PDF-1.7')), 'receipt_type')
  assert.equal(readFileType(new Uint8Array(0)), 'receipt_empty')
  for (const bytes of [sampleFiles.pdf, sampleFiles.jpg, sampleFiles.png]) {
    for (let length = 1; length <= 3; length += 1)
      if (!(length === 3 && bytes === sampleFiles.jpg))
        assert.equal(readFileType(bytes.subarray(0, length)), 'receipt_type', `${length} bytes are no file`)
  }
})

test('10,485,760 bytes are accepted, one more is not', () => {
  const bytes = new Uint8Array(fileBytesMax + 1)
  bytes.set(sampleFiles.pdf)
  assert.equal(readFileType(bytes.subarray(0, fileBytesMax)), 'pdf')
  assert.equal(readFileType(bytes), 'receipt_too_big')
})

test('names lose their folders and what cannot be seen', () => {
  assert.equal(shownName('C:\\scans\\receipt.pdf'), 'receipt.pdf')
  assert.equal(shownName('../../etc/passwd'), 'passwd')
  assert.equal(shownName('a\r\nb\u202e.pdf'), 'ab.pdf')
  assert.equal(shownName('///'), 'file')
})
