/** Why a scheme was not saved or published. */
import type { Finding } from './rules/finding.ts'

export class SchemeRefused extends Error {
  readonly findings: readonly Finding[]

  constructor(findings: readonly Finding[]) {
    const errors = findings.filter(({ severity }) => severity === 'error')
    super(errors.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('\n'))
    this.name = 'SchemeRefused'
    this.findings = findings
  }
}
