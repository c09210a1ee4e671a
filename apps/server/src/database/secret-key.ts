/** The installation's secret key: from the environment, in the demo else from a file of the data folder. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { codeOf, explainFolder, StartProblem } from '../start-problem.ts'

/** 32 bytes. Two processes that start at once on a new folder get the same ones. */
export function secretKey(config: Config): Buffer {
  if (config.secret_key) return config.secret_key
  const file = join(config.data_dir, 'secret-key')
  try {
    mkdirSync(config.data_dir, { recursive: true })
    try {
      writeFileSync(file, randomBytes(32).toString('base64'), { flag: 'wx', mode: 0o600 })
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    }
    const key = Buffer.from(readFileSync(file, 'utf8'), 'base64')
    if (key.length === 32) return key
  } catch (error) {
    throw explainFolder(error, config.data_dir)
  }
  throw new StartProblem(
    `The file ${file} does not hold 32 bytes in base64: put back the one that was there, or remove ${config.data_dir} to begin anew.`,
  )
}
