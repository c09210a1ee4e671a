/** The ports, before anything else is started: a taken one is the commonest reason not to start. */
import { createServer } from 'node:net'
import type { Config } from '../config.ts'
import { codeOf, StartProblem } from '../start-problem.ts'

/** Listens for an instant; `0` = any free port. Returns the port. */
async function tryPort(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, host, () => {
      const address = server.address()
      const found = typeof address === 'object' && address !== null ? address.port : port
      server.close(() => resolve(found))
    })
  })
}

/** A failure to listen as a sentence, or the error itself when it is something else. */
export function explainPort(error: unknown, host: string, port: number, variable: string): unknown {
  const sentence = {
    EADDRINUSE: `Port ${port} is taken by another program: end that program, or start with another port, for example ${variable}=${port + 10 > 65_535 ? port - 10 : port + 10} npm start.`,
    EACCES: `Port ${port} may not be used by this user: set ${variable} to a port above 1023.`,
    EADDRNOTAVAIL: `The address ${host} does not belong to this machine: set HOST to one that does, such as 127.0.0.1 or 0.0.0.0.`,
    ENOTFOUND: `The host name ${host} is not known: set HOST to an address of this machine, such as 127.0.0.1 or 0.0.0.0.`,
  }[codeOf(error)]
  return sentence ? new StartProblem(sentence, { cause: error }) : error
}

async function claim(host: string, port: number, variable: string): Promise<number> {
  try {
    return await tryPort(host, port)
  } catch (error) {
    throw explainPort(error, host, port, variable)
  }
}

/** The configuration with real numbers instead of port 0, each tried. */
export async function claimPorts(config: Config): Promise<Config> {
  if (config.role === 'worker') return config
  const port = await claim(config.host, config.port, 'PORT')
  const public_url = config.port === 0 ? config.public_url.replace(/:0$/, `:${port}`) : config.public_url
  if (config.mode === 'production') return { ...config, port, public_url }
  const simulators_port = await claim('127.0.0.1', config.simulators_port, 'CASCAD_SIMULATORS_PORT')
  if (simulators_port === port) {
    throw new StartProblem(`PORT and CASCAD_SIMULATORS_PORT are both ${port}: give them different numbers.`)
  }
  return { ...config, port, public_url, simulators_port }
}
