/** The witness that others run, asked by our client about a log of ours, and what it refuses. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { httpWitness } from '../../functions/delivery/http-witness.ts'
import { askWitnesses, parseWitnesses, type Witness } from '../../shared/ledger/log/ask-witnesses.ts'
import { logKey } from '../../shared/ledger/log/checkpoint-store.ts'
import { newestPublishedCheckpoint } from '../../shared/ledger/log/cosignatures.ts'
import { publishCheckpoint } from '../../shared/ledger/log/publisher.ts'
import { newSequencerMemory, sequenceEntries } from '../../shared/ledger/log/sequencer.ts'
import { objectCache } from '../../shared/ledger/object-cache.ts'
import { checkpointText } from '../../shared/tlog/checkpoint.ts'
import { parsePolicy, verifyCheckpoint } from '../../shared/tlog/tlog-policy.ts'
import { formatVerifierKey } from '../../shared/tlog/verifier-key.ts'
import { signedNote, signer } from '../shared/tlog/signing.ts'
import { checkpointSigner } from '../support/memory-log-writer.ts'
import { controller, sampleLog } from '../support/sample-log.ts'
import { startProgram } from '../support/started-program.ts'

const tools = inject('goTools')
const run = promisify(execFile)
const ask = httpWitness({ allowsLoopback: true })
const log = logKey('ledger.example', controller, checkpointSigner.publicKey)

/** It prints the port that it was given, so it is given one. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

describe.skipIf(tools === '')('litewitness', () => {
  let folder: string
  let agent: ChildProcess
  let witness: Witness
  let stop: () => Promise<unknown>

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'litewitness-'))
    const [socket, key, database] = ['agent', 'key', 'db'].map((name) => join(folder, name))
    if (socket === undefined || key === undefined || database === undefined) throw new Error('no paths')
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
    agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] })
    await once(agent.stdout ?? agent, 'data')
    await run('ssh-add', [key], { env: { ...process.env, SSH_AUTH_SOCK: socket } })
    const fingerprint = (await run('ssh-keygen', ['-lf', key])).stdout.split(' ')[1] ?? ''
    const tell = (...words: string[]) =>
      run(join(tools, 'witnessctl'), [...words.slice(0, 1), '-db', database, ...words.slice(1)])
    await tell('add-log', '-origin', log.name)
    await tell('add-key', '-origin', log.name, '-key', formatVerifierKey(log))
    const program = startProgram([
      join(tools, 'litewitness'),
      ...['-name', 'witness.example/lite', '-key', fingerprint, '-ssh-agent', socket, '-db', database],
      ...['-listen', `localhost:${await freePort()}`],
    ])
    stop = async () => {
      program.child.kill('SIGTERM')
      await program.ended
    }
    const [, vkey] = await program.printed(/vkey=(\S+)/)
    const [, address] = await program.printed(/msg=listening addr=(\S+)/)
    ;[witness] = parseWitnesses([`${vkey} http://${address}`]) as [Witness]
  })

  afterAll(async () => {
    await stop?.()
    agent?.kill()
    await rm(folder, { recursive: true, force: true })
  })

  const now = new Date().toISOString()
  /** A log that grows to these numbers of entries, with a checkpoint and a round of the witness at each. */
  async function asked(numbers: readonly number[], first = 0) {
    const sample = sampleLog(now)
    const round = { ...sample, cached: objectCache(), witnesses: [witness], ask, deadlineMs: 5_000 }
    const answers: unknown[] = []
    let from = first
    for (const to of numbers) {
      await sequenceEntries(sample, controller, await sample.store(from, first + to), newSequencerMemory())
      await publishCheckpoint(sample, controller)
      answers.push(...(await askWitnesses(round, controller)))
      from = first + to
    }
    const { note } = await newestPublishedCheckpoint(sample, controller)
    return { answers, note }
  }
  const cosigned = { witness: 'witness.example/lite' }

  it('cosigns a log as it grows, and the quorum of its policy is met', async () => {
    const { answers, note } = await asked([3, 600, 601])
    expect(answers).toEqual([cosigned, cosigned, cosigned])
    const policy = parsePolicy(
      `log ${formatVerifierKey(log)}\nwitness lite ${formatVerifierKey(witness.key)}\nquorum lite\n`,
    )
    expect((await verifyCheckpoint(note, policy)).witnessed).toMatchObject([{ name: 'lite' }])
  })

  it('says its size to a log that forgot it, which goes on from there', async () => {
    const forgetful = sampleLog(now)
    const round = { ...forgetful, cached: objectCache(), witnesses: [witness], ask, deadlineMs: 5_000 }
    let from = 0
    for (const to of [601, 700]) {
      await sequenceEntries(forgetful, controller, await forgetful.store(from, to), newSequencerMemory())
      await publishCheckpoint(forgetful, controller)
      from = to
    }
    expect(await askWitnesses(round, controller)).toEqual([cosigned])
  })

  it('refuses a history that is another one, and one that is shorter', async () => {
    const { answers } = await asked([700, 800], 5_000)
    expect(answers).toMatchObject([{ fault: 'bad-proof' }, { fault: 'bad-proof' }])
    expect((await asked([20])).answers).toMatchObject([{ fault: 'size-ahead' }])
  })

  it('does not know the key of another', async () => {
    const text = checkpointText({ origin: log.name, size: 900, root: new Uint8Array(32), extensions: [] })
    const call = { oldSize: 701, proof: [], checkpoint: signedNote(text, [signer(log.name)]) }
    expect(await ask(witness.url, call, AbortSignal.timeout(5_000))).toEqual({ says: 'untrusted-key' })
  })
})
