import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { buildDashboard } from './build-dashboard.ts'
import { buildAge, type DashboardFolder, folderAt } from './dashboard-folder.ts'

let root: string
let folder: DashboardFolder

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

before(() => {
  root = mkdtempSync(join(tmpdir(), 'cascad-build-'))
  folder = folderAt(join(root, 'apps/dashboard/'))
  write('package-lock.json', '{}')
  write('apps/dashboard/vite.config.ts', "export default { base: '/dashboard/' }\n")
  write('apps/dashboard/index.html', '<!doctype html><script type="module" src="/src/main.ts"></script>')
  write('apps/dashboard/src/main.ts', "document.title = 'first'\n")
})
after(() => rmSync(root, { recursive: true, force: true }))

const built = (): string => {
  const assets = join(folder.dist, 'assets')
  return readdirSync(assets)
    .map((name) => readFileSync(join(assets, name), 'utf8'))
    .join('')
}

test('it is built when nothing is there, and again only when a source or a library has changed', async () => {
  assert.equal(buildAge(folder), 'none')
  assert.equal(await buildDashboard(folder), 'built')
  assert.match(built(), /first/)
  assert.equal(buildAge(folder), 'current')
  assert.equal(await buildDashboard(folder), 'current')
  write('apps/dashboard/src/main.test.ts', 'tests are not built')
  assert.equal(buildAge(folder), 'current')
  write('apps/dashboard/src/main.ts', "document.title = 'second'\n")
  assert.equal(buildAge(folder), 'old')
  assert.equal(await buildDashboard(folder), 'built')
  assert.match(built(), /second/)
  write('package-lock.json', '{"packages":{}}')
  assert.equal(buildAge(folder), 'old')
})

test('sources that cannot be built leave what was built before, and nothing else', async () => {
  write('apps/dashboard/src/main.ts', "import './missing.ts'\n")
  await assert.rejects(buildDashboard(folder), /missing/)
  assert.match(built(), /second/)
  assert.deepEqual(
    readdirSync(folder.root).filter((name) => name.startsWith('dist')),
    ['dist'],
  )
})

test('several at once leave one whole build', async () => {
  write('apps/dashboard/src/main.ts', "document.title = 'third'\n")
  const program = fileURLToPath(new URL('./build-dashboard.ts', import.meta.url))
  const script = `import { buildDashboard } from ${JSON.stringify(program)}\nawait buildDashboard(${JSON.stringify(folder)})`
  const codes = await Promise.all(
    Array.from(
      { length: 3 },
      () =>
        new Promise((resolve) => {
          spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'ignore' }).once('close', resolve)
        }),
    ),
  )
  assert.deepEqual(codes, [0, 0, 0])
  assert.equal(buildAge(folder), 'current')
  assert.match(built(), /third/)
  assert.ok(existsSync(join(folder.dist, 'index.html')))
  assert.deepEqual(
    readdirSync(folder.root).filter((name) => name.startsWith('dist')),
    ['dist'],
  )
})
