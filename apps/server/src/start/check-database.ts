/** Is the database that DATABASE_URL names there, ours to use and new enough? */
import { connect } from '../database/connect.ts'
import { codeOf, StartProblem } from '../start-problem.ts'

const version_min = 15

/** Host, port and database of the URL; never the password. */
function placeOf(url: string): { server: string; name: string; user: string } {
  const parts = new URL(url)
  return {
    server: parts.host || 'the local socket',
    name: decodeURIComponent(parts.pathname.slice(1)) || 'postgres',
    user: decodeURIComponent(parts.username) || 'the current user',
  }
}

function explain(error: unknown, url: string): unknown {
  const { server, name, user } = placeOf(url)
  const unreachable = `The PostgreSQL at ${server} (DATABASE_URL) cannot be reached: check that it runs, and that host and port are right.`
  const sentence = {
    ECONNREFUSED: unreachable,
    ECONNRESET: unreachable,
    ENOENT: unreachable,
    EHOSTUNREACH: unreachable,
    ENETUNREACH: unreachable,
    ETIMEDOUT: unreachable,
    CONNECT_TIMEOUT: unreachable,
    CONNECTION_CLOSED: unreachable,
    CONNECTION_ENDED: unreachable,
    ENOTFOUND: `The host of DATABASE_URL (${server}) is not known: check its name.`,
    EAI_AGAIN: `The host of DATABASE_URL (${server}) is not known: check its name and the network.`,
    '28P01': `The PostgreSQL at ${server} refuses user ${user}: check user and password in DATABASE_URL.`,
    '28000': `The PostgreSQL at ${server} refuses user ${user}: check the user in DATABASE_URL and the server's pg_hba.conf.`,
    '3D000': `The PostgreSQL at ${server} has no database "${name}": make it with createdb ${name}, or correct DATABASE_URL.`,
    '53300': `The PostgreSQL at ${server} has no connection left: raise its max_connections, or lower CASCAD_DATABASE_CONNECTIONS.`,
    '57P03': `The PostgreSQL at ${server} is starting or stopping: start Cascad again in a moment.`,
    '42501': `User ${user} may not create tables in database "${name}" at ${server}: make that user the owner of the database.`,
    '53100': `The disk of the PostgreSQL at ${server} is full: free some space and start again.`,
  }[codeOf(error)]
  return sentence ? new StartProblem(sentence, { cause: error }) : error
}

type Facts = {
  readonly version: number
  readonly read_only: boolean
  readonly may_create: boolean
  readonly encoding: string
}

/** @throws StartProblem with what to do */
export async function checkDatabase(url: string): Promise<void> {
  if (!URL.canParse(url)) {
    throw new StartProblem(
      'DATABASE_URL is not a URL: use postgres://user:password@host:port/database, with %-escapes in the password.',
    )
  }
  const { server, name, user } = placeOf(url)
  const sql = connect(url, { connections_max: 1, application_name: 'cascad-start' })
  try {
    const [facts] = await sql<Facts[]>`
      select current_setting('server_version_num')::int as version, pg_is_in_recovery() as read_only,
        has_schema_privilege('public', 'create') as may_create, current_setting('server_encoding') as encoding`
    if (!facts) throw new Error('The database answered without a row.')
    const major = Math.floor(facts.version / 10_000)
    if (major < version_min) {
      throw new StartProblem(
        `The PostgreSQL at ${server} is version ${major}: Cascad needs version ${version_min} or newer.`,
      )
    }
    if (facts.read_only)
      throw new StartProblem(`The PostgreSQL at ${server} is a read-only standby: let DATABASE_URL name the primary.`)
    if (facts.encoding !== 'UTF8') {
      throw new StartProblem(`Database "${name}" has encoding ${facts.encoding}: make it anew with encoding UTF8.`)
    }
    if (!facts.may_create) {
      throw new StartProblem(
        `User ${user} may not create tables in database "${name}" at ${server}: make that user the owner of the database.`,
      )
    }
  } catch (error) {
    throw explain(error, url)
  } finally {
    await sql.end({ timeout: 2 })
  }
}
