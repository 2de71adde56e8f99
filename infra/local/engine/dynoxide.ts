/**
 * Dynoxide: DynamoDB's protocol over SQLite in one static binary, with one fsync for each write. The preferred engine. The binary of each
 * platform is an npm package of its own.
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
      // Printed by this process after it listens. A poll could be answered by another program on the port.
      isReady: async (line) => line.startsWith('Dynoxide listening'),
    },
    options,
  )
}
