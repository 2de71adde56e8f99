/**
 * Dynoxide: DynamoDB's protocol on SQLite, one static binary, durable by one fsync for each write. The engine of choice on one
 * machine. Each platform's binary is an npm package of its own.
 */
import { accessSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { LedgerError } from '../../../shared/errors.ts'
import { openPrivateFolder } from '../data/private-files.ts'
import { type Engine, type EngineOptions, startProgram } from './process.ts'

const packageName = `@dynoxide/${process.platform}-${process.arch}`

export function findDynoxide(): string | undefined {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(`${packageName}/package.json`))
    const binary = join(folder, 'dynoxide')
    accessSync(binary)
    return binary
  } catch {
    return undefined
  }
}

export async function startDynoxide({ dataFile, ...options }: EngineOptions = {}): Promise<Engine> {
  const command = findDynoxide()
  if (command === undefined) throw new LedgerError('unavailable', `Dynoxide needs the npm package ${packageName}.`)
  if (dataFile !== undefined) openPrivateFolder(dirname(dataFile))
  return startProgram(
    {
      name: 'Dynoxide',
      interfaces: 'own',
      command,
      argumentsFor: ({ host, port }) => [
        ...['--host', host, '--port', String(port)],
        ...(dataFile === undefined ? [] : ['--db-path', dataFile]),
      ],
      // Printed after it listens, and by the process we started: a poll might be answered by another one on the port.
      isReady: async (line) => line.startsWith('Dynoxide listening'),
    },
    options,
  )
}
