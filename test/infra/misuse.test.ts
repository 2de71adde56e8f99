/**
 * Misuse of every program: exit code 2, one sentence on standard error, nothing on standard output. Each program is started once as a process;
 * its other command lines are read in this one, because loading the program takes longer than all the rest.
 */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it, vi } from 'vitest'

const root = join(import.meta.dirname, '../..')

/** What a deployed ledger needs beside its tables. */
const deployed = ['bucket', 'served', 'host', 'keyring-key', 'checkpoint-key', 'witness-key', 'region'].flatMap(
  (name) => [`--${name}`, 'x'],
)

/** Command lines that each program refuses, and a part of the sentence. */
const programs: Readonly<Record<string, readonly (readonly [string[], string])[]>> = {
  'infra/start.ts': [
    [['--port', '70000'], '--port is 0 to 65535'],
    [['--rate', 'lots'], '--rate is "off", or like'],
    [['--trust-proxy', 'here'], '--trust-proxy takes IP addresses'],
    [['--endpoint', 'nowhere'], '--endpoint is an address like'],
    [['--public-url', 'here'], '--public-url is an address like'],
    [['--allow-origin', 'shop.example'], '--allow-origin is the address of a page'],
    [['--console', 'no-such-file.json'], 'no-such-file.json cannot be read: ENOENT'],
    [['--development-sign-in', '--public-url', 'https://ledger.example'], '--development-sign-in asks for no password'],
    [['--development-sign-in', '--trust-proxy', '192.0.2.1'], '--development-sign-in asks for no password'],
  ],
  'infra/build.ts': [[['--out', 'x'], "Unknown option '--out'"]],
  'infra/demo/demo.ts': [[['--url', 'nowhere'], '--url is an address like']],
  'infra/demo/site/start.ts': [[['--ledger-port', 'x'], '--ledger-port is 0 to 65535']],
  'infra/local/token.ts': [
    [['--scope', 'consent.audit consent.everything'], 'there is no scope consent.everything'],
    [['--hours', '0'], '--hours is more than 0'],
  ],
  'infra/administration/controller.ts': [
    [[], 'give one FILE, not none'],
    [['no-such-file.json'], 'no-such-file.json cannot be read: ENOENT'],
    [['package.json'], 'package.json has no "controller"'],
  ],
  'infra/administration/site.ts': [
    [[], 'a website needs --origin'],
    [['--kind', 'app', '--url', 'nowhere'], '--url must be an address like'],
    [['--kind', 'app', '--url', 'https://ledger.example'], '--url needs a token'],
    [['--kind', 'app', '--url', 'https://ledger.example', '--token-file', 'package.json'], 'holds no token'],
    [['--kind', 'app', '--token-file', 'package.json'], '--token-file is for another ledger: give its --url too'],
    [['--kind', 'app', '--data', 'no-such-ledger'], 'there is no ledger in no-such-ledger'],
  ],
  'infra/administration/keys.ts': [
    [[], '--replace is one or more of checkpoint,notice,pepper,receipt'],
    [['--replace', 'data'], '--replace is one or more of checkpoint,notice,pepper,receipt'],
    [['--replace', 'pepper', '--change', 'next'], '--change is a number'],
    [['--replace', 'pepper', '--change', '1'], '--ground says why'],
  ],
  'infra/administration/publish.ts': [
    [['a.json', 'b.json'], 'give one FILE, not 2'],
    [['package.json'], 'package.json has no "policyId"'],
  ],
  'infra/local/fsck/fsck.ts': [
    [['--tables', 'a,b'], '--tables takes three names'],
    [['--region', 'eu-north-1'], '--region is for a deployed ledger'],
    [['--dry-run'], '--dry-run goes with --redrive'],
  ],
  'infra/local/job/job.ts': [
    [[], 'give one JOB'],
    [['cleaning'], 'there is no job cleaning'],
    [['redrive'], 'on this machine redrive is another command: npm run fsck -- --redrive'],
    [['self-audit'], 'another command: npm run fsck'],
    [['retain', 'sweep'], 'give one JOB'],
    [['retain', '--data', 'no-such-ledger'], 'there is no ledger in no-such-ledger'],
  ],
  'infra/local/checkpoint-key/checkpoint-key.ts': [
    [[], 'give one STEP'],
    [['remove'], 'give one STEP of add, retire'],
    [['add', '--data', 'no-such-ledger'], 'there is no ledger in no-such-ledger'],
  ],
  'infra/operations/operations.ts': [
    [['--job', 'cleaning'], '--job is one of'],
    [['--limit', '0'], '--limit is 1 to 1000'],
    [['--limit', 'all'], '--limit is 1 to 1000'],
    [['--bucket', 'b', '--region', ''], 'a bucket also needs --region'],
  ],
  'infra/recovery/restore.ts': [
    [[], 'name the tables'],
    [['--tables', 'a,b'], '--tables takes three names'],
    [['--at', 'now', '--tables', 'a,b,c', ...deployed], '--at takes an instant in UTC'],
    [['--at', '2026-11-30T12:00:00.5Z', '--tables', 'a,b,c', ...deployed], '--at takes an instant in UTC'],
    [['--prefix', '', '--tables', 'a,b,c', ...deployed], 'cannot be empty'],
  ],
  'infra/cost/report.ts': [
    [['--region', 'mars'], '--region is one of'],
    [['--rate', 'fast'], '--rate is a number from'],
  ],
  'infra/bundle/run.ts': [],
  'infra/command/main.ts': [
    [['verify'], 'give one file to verify'],
    [['verify', '--no-such-option'], "Unknown option '--no-such-option'"],
    [['log', 'walk'], 'log check is all that log does'],
  ],
  'test/bench/run.ts': [
    [['--only', 'luck'], '--only is server or log'],
    [['--leaves', '1'], '--leaves is 1000 or more'],
  ],
}
/** The command lines that every program refuses. The first is tried in a process of its own. */
const always: readonly (readonly [string[], string])[] = [
  [['--no-such-option'], '--no-such-option'],
  [['nonsense'], 'nonsense'],
]

it('the table has every program that reads a command line', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const started = Object.values<string>(scripts)
    .flatMap((line) => /\bnode .*?(\S+)\.mjs$/.exec(line)?.[1] ?? [])
    .map((entry) => `${entry}.ts`)
  const withoutOptions = ['infra/build.ts']
  expect(new Set([...Object.keys(programs), ...withoutOptions])).toEqual(new Set([...started, 'infra/command/main.ts']))
})

it.each(Object.keys(programs))('%s is refused an option that it does not have', async (program) => {
  const [options, sentence] = always[0] ?? [[], '']
  const ended = promisify(execFile)(process.execPath, [join(root, program), ...options], { cwd: root })
  await expect(ended).rejects.toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(sentence) })
  await expect(ended).rejects.not.toMatchObject({ stderr: expect.stringMatching(stackOrAdvice) })
})

/** How often a program was loaded: a module of another name is another. */
let loaded = 0

/** What a failure must not print: a stack, and advice of Node's. */
const stackOrAdvice = /\n {4}at |To specify a positional/

const table = Object.entries(programs).flatMap(([program, refused]) =>
  [...always.slice(1), ...refused].map(([options, sentence]) => ({ program, options, sentence })),
)

it.each(table)('$program $options', async ({ program, options, sentence }) => {
  const { code, stdout, stderr } = await readHere(program, options)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(sentence)
  expect(stderr).not.toMatch(stackOrAdvice)
})

/** Loads the program anew with this command line. It must end by a refusal. */
async function readHere(program: string, options: readonly string[]) {
  const stdout: string[] = []
  const stderr: string[] = []
  const into = (lines: string[]) => (text: unknown) => lines.push(String(text)) > 0
  const spies = [
    vi.spyOn(console, 'log').mockImplementation(into(stdout)),
    vi.spyOn(console, 'error').mockImplementation(into(stderr)),
    vi.spyOn(process.stdout, 'write').mockImplementation(into(stdout)),
    vi.spyOn(process.stderr, 'write').mockImplementation(into(stderr)),
  ]
  const { argv } = process
  const onWarning = process.listeners('warning')
  process.argv = [process.execPath, program, ...options]
  process.exitCode = undefined
  try {
    await import(`${join(root, program)}?${++loaded}`)
    await expect.poll(() => process.exitCode).toBeDefined()
    return { code: process.exitCode, stdout: stdout.join('\n'), stderr: stderr.join('\n') }
  } finally {
    process.exitCode = undefined
    process.argv = argv
    process.removeAllListeners('warning')
    for (const listener of onWarning) process.on('warning', listener)
    for (const spy of spies) spy.mockRestore()
  }
}
