/** The only reader of the environment. Reports every mistake at once, with what to do. */
import { resolve } from 'node:path'

export type Role = 'api' | 'worker' | 'all'

export type MailConfig = {
  readonly smtp: {
    readonly host: string
    readonly port: number
    /** TLS from the first byte; else STARTTLS where the server offers it. */
    readonly secure: boolean
    readonly login: { readonly user: string; readonly password: string } | null
  }
  readonly from: string
  /** Where operators are told; `null` = nowhere. */
  readonly operator: string | null
}

export type Config = {
  /** `demo`: embedded everything, demo world, simulators. `production`: nothing of that, secrets required. */
  readonly mode: 'demo' | 'production'
  readonly role: Role
  readonly host: string
  readonly port: number
  readonly simulators_port: number
  /** Where a process of role `worker` answers /health and /metrics; `null` = nowhere. */
  readonly worker_port: number | null
  /** What payers and merchants reach us by, without a slash at the end. */
  readonly public_url: string
  readonly data_dir: string
  /** `null` = start the embedded PostgreSQL. */
  readonly database_url: string | null
  readonly database_connections: number
  /** 32 bytes; `null` in the demo until the data folder provides one. */
  readonly secret_key: Buffer | null
  readonly trusted_proxies: readonly string[]
  readonly rate_limits: boolean
  /** Loopback and plain http as targets of callbacks and providers. */
  readonly allow_private_targets: boolean
  readonly callback_interval_ms: number
  /** `null` = nobody is told anything by e-mail. */
  readonly mail: MailConfig | null
  readonly log_level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'
}

export class ConfigError extends Error {
  readonly mistakes: readonly string[]

  constructor(mistakes: readonly string[]) {
    super(
      `The configuration has ${mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`}:\n  - ${mistakes.join('\n  - ')}`,
    )
    this.name = 'ConfigError'
    this.mistakes = mistakes
  }
}

type Env = Readonly<Record<string, string | undefined>>

/** Reads and checks the whole environment; throws one ConfigError that names every mistake. */
export function readConfig(env: Env): Config {
  const mistakes: string[] = []
  const choice = <T extends string>(name: string, allowed: readonly T[], fallback: T): T => {
    const value = env[name]
    if (value === undefined || value === '') return fallback
    if ((allowed as readonly string[]).includes(value)) return value as T
    mistakes.push(`${name}=${value}: use one of ${allowed.join(', ')}.`)
    return fallback
  }
  const whole = (name: string, from: number, to: number, fallback: number): number => {
    const value = env[name]
    if (value === undefined || value === '') return fallback
    if (/^\d+$/.test(value) && Number(value) >= from && Number(value) <= to) return Number(value)
    mistakes.push(`${name}=${value}: use a whole number from ${from} to ${to}.`)
    return fallback
  }
  const httpUrl = (name: string, fallback: string): string => {
    const value = env[name]
    if (!value) return fallback
    if (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return value.replace(/\/+$/, '')
    mistakes.push(`${name}=${value}: use an http or https URL, such as https://pay.example.com.`)
    return fallback
  }
  const address = (name: string): string | null => {
    const value = env[name]
    if (!value) return null
    if (/^[^\s@<>,;:"()[\]\\]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*$/.test(value)) return value
    mistakes.push(`${name}=${value}: use one plain e-mail address, such as payments@example.com.`)
    return null
  }

  const mode = choice('CASCAD_MODE', ['demo', 'production'] as const, 'demo')
  const host = env.HOST || '127.0.0.1'
  const port = whole('PORT', 0, 65535, 4000)
  const database_url = env.DATABASE_URL || null
  if (database_url !== null && !/^postgres(ql)?:\/\//.test(database_url)) {
    mistakes.push(
      'DATABASE_URL: use postgres://user:password@host:port/database, or leave it out for the embedded PostgreSQL.',
    )
  }
  let secret_key: Buffer | null = null
  if (env.CASCAD_SECRET_KEY) {
    secret_key = Buffer.from(env.CASCAD_SECRET_KEY, 'base64')
    if (secret_key.length !== 32)
      mistakes.push('CASCAD_SECRET_KEY: use 32 random bytes in base64, e.g. from "openssl rand -base64 32".')
  }
  if (mode === 'production') {
    if (!secret_key)
      mistakes.push(
        'CASCAD_SECRET_KEY is missing: production needs 32 random bytes in base64, e.g. from "openssl rand -base64 32".',
      )
    if (!database_url)
      mistakes.push('DATABASE_URL is missing: production needs a PostgreSQL of yours, version 15 or newer.')
    if (!env.CASCAD_PUBLIC_URL)
      mistakes.push(
        'CASCAD_PUBLIC_URL is missing: production needs the URL payers reach it by, such as https://pay.example.com.',
      )
  }
  const smtp = readSmtp(env.CASCAD_SMTP_URL, mistakes)
  const [from, operator] = [address('CASCAD_MAIL_FROM'), address('CASCAD_OPERATOR_EMAIL')]
  if (smtp && !env.CASCAD_MAIL_FROM)
    mistakes.push('CASCAD_MAIL_FROM is missing: mails need the address they come from, such as payments@example.com.')
  const config: Config = {
    mode,
    role: choice('CASCAD_ROLE', ['api', 'worker', 'all'] as const, 'all'),
    host,
    port,
    worker_port: env.CASCAD_WORKER_PORT ? whole('CASCAD_WORKER_PORT', 0, 65535, 0) : null,
    simulators_port: whole('CASCAD_SIMULATORS_PORT', 0, 65535, port === 0 ? 0 : port + 1),
    public_url: httpUrl('CASCAD_PUBLIC_URL', `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`),
    data_dir: resolve(env.CASCAD_DATA_DIR || '.cascad'),
    database_url,
    database_connections: whole('CASCAD_DATABASE_CONNECTIONS', 1, 500, 16),
    secret_key,
    trusted_proxies: (env.CASCAD_TRUSTED_PROXIES ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
    rate_limits: choice('CASCAD_RATE_LIMITS', ['on', 'off'] as const, mode === 'demo' ? 'off' : 'on') === 'on',
    allow_private_targets:
      choice('CASCAD_PRIVATE_TARGETS', ['on', 'off'] as const, mode === 'demo' ? 'on' : 'off') === 'on',
    callback_interval_ms: whole('CASCAD_CALLBACK_INTERVAL_MS', 10, 3_600_000, mode === 'demo' ? 10_000 : 60_000),
    mail: smtp && from ? { smtp, from, operator } : null,
    log_level: choice('CASCAD_LOG', ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const, 'info'),
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  return config
}

/** A mistake never shows the URL: there is a password in it. */
function readSmtp(value: string | undefined, mistakes: string[]): MailConfig['smtp'] | null {
  if (!value) return null
  const smtp = URL.canParse(value) ? smtpOf(new URL(value)) : null
  if (!smtp)
    mistakes.push(
      'CASCAD_SMTP_URL: use smtp://user:password@host:587 or smtps://user:password@host:465, special characters percent-encoded, nothing after the port.',
    )
  return smtp
}

function smtpOf({
  protocol,
  hostname,
  port,
  username,
  password,
  pathname,
  search,
  hash,
}: URL): MailConfig['smtp'] | null {
  const secure = protocol === 'smtps:'
  if (!secure && protocol !== 'smtp:') return null
  if (hostname === '' || (pathname !== '' && pathname !== '/') || search !== '' || hash !== '') return null
  if (port === '0' || (username === '') !== (password === '')) return null
  try {
    const login =
      username === '' ? null : { user: decodeURIComponent(username), password: decodeURIComponent(password) }
    return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port || (secure ? 465 : 587)), secure, login }
  } catch {
    return null
  }
}
