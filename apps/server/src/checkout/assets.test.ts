import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Script } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { joinModules, script, styles } from './assets.ts'

const folder = new URL('./assets/', import.meta.url)
const files = readdirSync(folder).filter((name) => name.endsWith('.js'))
const textOf = (name: string): string => readFileSync(new URL(name, folder), 'utf8')
const declared = (text: string): string[] =>
  [...text.matchAll(/^(?:export )?(?:async )?(?:function|const|let) (\w+)/gm)].map((match) => match[1] as string)

test('every part is in the script once, and no two parts use one name', () => {
  const names = files.flatMap((name) => declared(textOf(name)))
  assert.deepEqual(declared(script.body).sort(), names.sort())
  assert.equal(new Set(names).size, names.length, 'the parts share one scope once they are joined')
})

test('what a part imports is exported where it says, so that the parts are modules of their own', () => {
  for (const name of files) {
    const imports = textOf(name).matchAll(/^import \{ (.+) \} from '\.\/(.+)'$/gm)
    for (const [, words = '', from = ''] of imports)
      for (const word of words.split(', '))
        assert.match(
          textOf(from),
          new RegExp(`^export (?:async )?(?:function|const|let) ${word}\\b`, 'm'),
          `${name}: ${word}`,
        )
    assert.equal(
      [...textOf(name).matchAll(/^import /gm)].length,
      [...textOf(name).matchAll(/^import \{ .+ \} from '\.\/.+'$/gm)].length,
      name,
    )
  }
})

test('the joined script is one that browsers can read', () => {
  assert.doesNotThrow(() => new Script(`'use strict';(() => {${script.body}})()`))
  assert.doesNotMatch(script.body, /^(import|export) |^\s*\/\//m)
})

test('joining leaves the program as it is', () => {
  const one = "// says why\nimport { b } from './b.js'\n\nexport const a = 'https://x.example' // kept\n"
  assert.equal(
    joinModules([one, '/** Public. */\nexport function c() {\n  return a\n}\n']),
    "const a = 'https://x.example' // kept\nfunction c() {\n  return a\n}\n",
  )
})

test('script and styles together are small', () => {
  const bytes = gzipSync(script.body).length + gzipSync(styles.body).length
  assert.ok(bytes <= 10_000, `${bytes} bytes`)
})
