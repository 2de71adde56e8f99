/**
 * The programs that serve, started as their users start them. Whichever of their processes gets whatever signal, afterwards there is
 * no process, the lock is free and so is the port.
 */

import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockDataFolder } from '../../../infra/local/data/data-folder.ts'
import { eventually } from '../../support/eventually.ts'
import {
  leftOf,
  type Process,
  processesFrom,
  type StartedProgram,
  startProgram,
} from '../../support/started-program.ts'

let folder: string
let program: StartedProgram | undefined
let processes: readonly Process[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'program-end-'))
})
afterEach(async () => {
  for (const { pid } of await leftOf(processes)) process.kill(pid, 'SIGKILL')
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
})

type Role = 'npm' | 'server' | 'engine'

/** npm starts its shell, which becomes the server, so there is no shell to be signalled. */
async function start(command: readonly string[]): Promise<Readonly<Record<Role, number>>> {
  program = startProgram(command, { env: { npm_lifecycle_event: undefined, TMPDIR: folder } })
  await program.printed(/Ctrl-C stops (it|both)/)
  processes = await processesFrom(program.child.pid ?? 0)
  const engines = processes.filter(({ name }) => /dynoxide|java/.test(name))
  const parentOf = (pid: number) => processes.find((each) => each.pid === pid)?.parent ?? 0
  const engine = engines[0]?.pid ?? 0
  expect(engines).toHaveLength(2)
  return { npm: program.child.pid ?? 0, server: parentOf(parentOf(engine)), engine }
}

async function expectNothingLeft(port: number, data = join(folder, 'data')): Promise<void> {
  await eventually(async () => expect(await leftOf(processes)).toEqual([]))
  await (await lockDataFolder(data)).release()
  const server = createServer().listen(port, 'localhost')
  await once(server, 'listening')
  server.close()
}

const portIn = (printed: string) => Number(/ on http:\/\/localhost:(\d+)/.exec(printed)?.[1])

describe('npm start', () => {
  // Without the demo, whose publication is most of a first start and has no part in an end.
  const command = () => ['npm', 'start', '--', '--empty', '--port', '0', '--data', join(folder, 'data')]

  it.each<[string, Role, NodeJS.Signals]>([
    ['SIGTERM to npm', 'npm', 'SIGTERM'],
    ['SIGINT to npm', 'npm', 'SIGINT'],
    ['SIGKILL to npm', 'npm', 'SIGKILL'],
    ['SIGTERM to the server', 'server', 'SIGTERM'],
    ['SIGHUP to the server', 'server', 'SIGHUP'],
    ['SIGKILL to the server', 'server', 'SIGKILL'],
  ])('ends with %s', async (_name, role, signal) => {
    const pids = await start(command())
    expect(pids.server).not.toBe(pids.npm)
    process.kill(pids[role], signal)
    await program?.ended
    await expectNothingLeft(portIn(program?.output() ?? ''))
    const said = 'Stopping: requests in flight finish first.'
    if (signal !== 'SIGKILL') expect(program?.output()).toContain(said)
  })

  it('ends when every process of its service is signalled at once', async () => {
    await start(command())
    for (const { pid } of processes) process.kill(pid, 'SIGTERM')
    await program?.ended
    await expectNothingLeft(portIn(program?.output() ?? ''))
  })

  it('a second start on the same folder is refused with one sentence and exit code 2, and the first keeps serving', async () => {
    const pids = await start(command())
    const second = startProgram([process.execPath, 'infra/start.mjs', '--port', '0', '--data', join(folder, 'data')])
    expect(await second.ended).toBe(2)
    expect(second.output()).toMatch(/^another process has the data folder .*; stop that first, or choose .*--data\n$/)
    expect((await fetch(`http://localhost:${portIn(program?.output() ?? '')}/openapi.json`)).status).toBe(200)
    process.kill(pids.server, 'SIGTERM')
    await program?.ended
  })
})

it('a server that npm did not start outlives its parent', async () => {
  const inner = `${process.execPath} infra/start.mjs --port 0 --data ${join(folder, 'data')} & wait`
  program = startProgram(['sh', '-c', inner], { env: { npm_lifecycle_event: undefined } })
  await program.printed(/Ctrl-C stops it/)
  processes = await processesFrom(program.child.pid ?? 0)
  program.child.kill('SIGKILL')
  const url = / on (http:\S+)/.exec(program.output())?.[1] ?? ''
  const server = processes.find(({ parent }) => parent === program?.child.pid)?.pid ?? 0
  // Longer than it takes to notice a parent's death.
  for (let i = 0; i < 3; i++) {
    await new Promise((wake) => setTimeout(wake, 400))
    expect((await fetch(`${url}/openapi.json`)).status).toBe(200)
  }
  process.kill(server, 'SIGTERM')
  await expectNothingLeft(portIn(program.output()))
})

describe('npm run demo:site', () => {
  it.each<[string, Role, NodeJS.Signals]>([
    ['SIGTERM to npm', 'npm', 'SIGTERM'],
    ['SIGKILL to npm', 'npm', 'SIGKILL'],
  ])('ends with %s, and takes its temporary folder along', async (_name, role, signal) => {
    const pids = await start(['npm', 'run', 'demo:site', '--', '--port', '0', '--ledger-port', '0'])
    process.kill(pids[role], signal)
    await program?.ended
    await expectNothingLeft(portIn(program?.output() ?? ''))
    // npm, which may be run by this Node, keeps compiled code of its own there.
    expect((await readdir(folder)).filter((name) => name !== 'node-compile-cache')).toEqual(['data'])
  })
})

it.each([
  ['start.mjs', '/dev/null/ledger', /the folder \/dev\/null\/ledger cannot be made: ENOTDIR/],
  ['start.mjs', '/dev/null', /\/dev\/null is a device or socket, where a folder should be/],
  ['demo/site/start.mjs', '/proc/ledger', /the folder \/proc\/ledger cannot be made/],
  ['start.mjs', '/proc/deep/ledger', /the folder \/proc\/deep\/ledger cannot be made/],
  ['local/fsck/fsck.ts', '/dev/null/ledger', /there is no ledger in \/dev\/null\/ledger: it lacks ledger\.db/],
])('%s --data %s fails at once, with a sentence and exit code 2', async (script, data, sentence) => {
  program = startProgram([process.execPath, `infra/${script}`, '--data', data])
  expect(await program.ended).toBe(2)
  expect(program.output()).toMatch(sentence)
  expect(program.output().trim().split('\n')).toHaveLength(1)
})
