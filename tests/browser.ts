/**
 * A real Chromium for tests, from npm alone: the package carries the browser, the four libraries that a bare Debian
 * lacks and a font with Latin and Cyrillic letters. Unpacked once per installation, beside the packages.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright-core'

const cache = fileURLToPath(new URL('../node_modules/.cache', import.meta.url))

/** The package unpacks into the temporary folder, its libraries only where it believes to run on Lambda. */
const unpackScript = `import('@sparticuz/chromium').then(({ default: chromium }) => chromium.executablePath())`

const fontsConfig = (folder: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}/fonts/fonts</dir>
  <cachedir>${folder}/fonts-cache</cachedir>
</fontconfig>
`

function packageVersion(): string {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  const root = entry.slice(0, entry.lastIndexOf('chromium/') + 'chromium/'.length)
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version
}

/** The folder with the unpacked browser. Several test files may ask at once: each unpacks aside, the first one wins. */
function unpacked(): string {
  const folder = join(cache, `chromium-${packageVersion()}`)
  if (existsSync(folder)) return folder
  mkdirSync(cache, { recursive: true })
  const part = mkdtempSync(join(cache, 'chromium-part-'))
  execFileSync(process.execPath, ['--input-type=module', '--eval', unpackScript], {
    cwd: dirname(cache),
    env: { PATH: process.env.PATH, TMPDIR: part, AWS_LAMBDA_JS_RUNTIME: 'nodejs24.x' },
  })
  writeFileSync(join(part, 'fonts', 'fonts.conf'), fontsConfig(folder))
  try {
    renameSync(part, folder)
  } catch (error) {
    rmSync(part, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  }
  return folder
}

/** Opens headless Chromium; also as root. The caller closes it. */
export async function openBrowser(): Promise<Browser> {
  const folder = unpacked()
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    headless: true,
    chromiumSandbox: false,
    // On GPU-less machines; no zygote, because it would need a sandbox of its own.
    args: ['--no-zygote', '--disable-gpu', '--disable-dev-shm-usage', '--font-render-hinting=none'],
    env: {
      PATH: process.env.PATH ?? '/usr/bin:/bin',
      HOME: folder,
      LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
      FONTCONFIG_FILE: join(folder, 'fonts', 'fonts.conf'),
    },
  })
}
