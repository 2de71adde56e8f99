/** `.ci/run` with other programs in the place of npm and the tools: what it counts, and that it leaves no process. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ci-'))
  mkdirSync(join(folder, '.ci'))
  cpSync('.ci/run', join(folder, '.ci/run'))
  for (const tool of ['java', 'chromium', 'chromium-headless-shell', 'python3', 'npm']) program(`bin/${tool}`, '')
  program('test/examples/next/compile', '')
})
afterEach(() => rmSync(folder, { recursive: true }))

function program(path: string, body: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), `#!/usr/bin/env bash\n${body}\n`, { mode: 0o755 })
}

/** `npm` does what stands here for its script, and nothing for others. */
function npmScripts(bodies: Readonly<Record<string, string>>): void {
  const cases = Object.entries(bodies).map(([script, body]) => `*" ${script} "*) ${body};;`)
  program('bin/npm', `case " $* " in ${cases.join('\n')} esac`)
}

function start() {
  const path = `${join(folder, 'bin')}:${process.env.PATH}`
  const run = spawn(join(folder, '.ci/run'), { env: { ...process.env, PATH: path, TMPDIR: folder } })
  let output = ''
  for (const stream of [run.stdout, run.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk))
  return { run, output: () => output }
}

const started = "echo 'Ctrl-C stops it'"
const smokeFailed = 'step: start, printed commands, demo, stop'

it.each([
  ['all but the start', { start: started }, `${smokeFailed}\n\n14 passed, 1 failed`],
  [
    'a step beside the tests fails too',
    { start: started, lint: 'exit 1' },
    `step: lint\n${smokeFailed}\n\n13 passed, 2 failed`,
  ],
  [
    'some steps beside the tests are killed',
    { start: started, types: 'kill -KILL $PPID' },
    `steps beside the tests, which ended early\n${smokeFailed}\n\n9 passed, 2 failed`,
  ],
])('names and counts: %s', async (_, scripts, counted) => {
  npmScripts(scripts)
  const { run, output } = start()
  await once(run, 'close')
  const end = output().split('What failed:\n')[1]
  expect(end).toBe(`${counted}\n`)
  expect(run.exitCode).toBe(1)
})

it.each(['SIGTERM', 'SIGINT'] as const)('%s ends everything that it started', async (signal) => {
  const processesOf = (script: string) => join(folder, `${script}.processes`)
  const runs = (script: string) => `sleep 600 & echo $$ $! > ${processesOf(script)}; wait`
  npmScripts({ test: runs('test'), types: runs('types') })
  const { run } = start()
  const written = (name: string) => (existsSync(processesOf(name)) ? readFileSync(processesOf(name), 'utf8') : '')
  await expect.poll(() => ['test', 'types'].every((name) => written(name).endsWith('\n'))).toBe(true)
  run.kill(signal)
  await once(run, 'exit')
  const ids = ['test', 'types'].flatMap((name) => written(name).trim().split(' '))
  expect(ids).toHaveLength(4)
  expect(ids.filter((id) => isRunning(Number(id)))).toEqual([])
})

/** A process that has ended but that nobody waited for is not running. */
function isRunning(id: number): boolean {
  return existsSync(`/proc/${id}/stat`) && !/\) Z /.test(readFileSync(`/proc/${id}/stat`, 'utf8'))
}
