/**
 * One run: a log, entries that are announced to several sequencers late, twice and in any order, publishers at the same time, faults
 * as a seed has it. Then a clean sequencer and publisher finish, and the log is examined from scratch. What is wrong, in words,
 * is the result.
 */
import type { LedgerError } from '../../shared/errors.ts'
import type { LogWriter } from '../../shared/ledger/ledger.ts'
import { checkpointFolder, logObject } from '../../shared/ledger/log/log-items.ts'
import { publishCheckpoint } from '../../shared/ledger/log/publisher.ts'
import {
  type AnnouncedEntry,
  newSequencerMemory,
  type SequencerRules,
  sequenceEntries,
  sequencerRules,
} from '../../shared/ledger/log/sequencer.ts'
import type { Key, Objects, Signer, Table } from '../../shared/ledger/store.ts'
import { naiveLog } from '../support/naive-log.ts'
import { type Crew, type Employed, finish, work } from './crew.ts'
import { examine, readBatches, readLeaves, tilesOf } from './examine.ts'
import { fastSigner } from './fast-signatures.ts'
import { type Fate, type Random, type Scheduler, scheduler } from './scheduler.ts'
import {
  type ActorsTable,
  actorsObjects,
  actorsTable,
  directObjects,
  directTable,
  longAgo,
  restored,
  type SimulatedObjects,
  type SimulatedTable,
  simulatedObjects,
  simulatedTable,
} from './simulated-storage.ts'

export const controller = 'acme'
const host = 'ledger.example'
const startMs = Date.parse('2026-11-22T12:59:00.000Z')
/** Batches of a few entries; the table takes little more, as DynamoDB takes little more than 300 KB. */
const bounds = { maxEntries: 6, maxBytes: 300 }
const maxItemBytes = 400

/** A sequencer or publisher that lacks a rule, made of the right one by what stands around it. */
export interface Weakness {
  readonly name: string
  preparation?(table: ActorsTable): Partial<SequencerRules>
  table?(table: ActorsTable): Table
  objects?(objects: Objects, table: Table): Objects
}

/** Where runs begin: a log of some size, part of it published. */
export interface Beginning {
  readonly table: SimulatedTable
  readonly entries: SimulatedTable
  readonly objects: SimulatedObjects
  readonly keys: readonly Key[]
}

export interface Schedule {
  readonly seed: number
  readonly beginning: Beginning
  readonly weakness?: Weakness
  /** The log table goes back to an earlier state half-way. */
  readonly isRestored?: boolean
  /** In place of chance. */
  readonly decide?: (tick: number) => Fate
}

export interface Result {
  readonly wrong: readonly string[]
  readonly ticks: number
  /** Times that a sequencer or publisher refused to go on. */
  readonly refusals: number
}

interface World {
  readonly scheduler: Scheduler
  readonly entries: SimulatedTable
  table: SimulatedTable
  readonly objects: SimulatedObjects
  readonly weakness: Weakness | undefined
  readonly itemFault: number
  readonly errors: LedgerError[]
}

const leafOf = (n: number): string => `{"kind":"event","n":${n}}`
const keyOf = (n: number): Key => ({ pk: `${controller}#s${n % 5}`, sk: `event#${n}` })

/** A log with so many entries, sequenced; published up to about two thirds of them. None: not even opened. */
export async function beginning(count: number): Promise<Beginning> {
  const world = { ...newWorld(scheduler(1), undefined, 0), table: simulatedTable(Number.POSITIVE_INFINITY) }
  const all = await announce(world, 0, count)
  const { logWriter } = newActor(world)
  const half = Math.floor((count * 2) / 3)
  const steps = async () => {
    if (count === 0) return
    await sequenceEntries(logWriter, controller, all.slice(0, half), newSequencerMemory())
    await publishCheckpoint(logWriter, controller)
    await sequenceEntries(logWriter, controller, all.slice(half, -4), newSequencerMemory())
    await sequenceEntries(logWriter, controller, all.slice(-4), newSequencerMemory())
  }
  await world.scheduler.drive(steps())
  return { ...world, table: longAgo(world.table), keys: all.map(({ key }) => key) }
}

export async function run({ seed, beginning, weakness, isRestored = false, decide }: Schedule): Promise<Result> {
  const chosen = scheduler(seed)
  const { random } = chosen
  const world = newWorld(chosen, beginning, decide ? 0 : random.pick([0, 0.02, 0.1]), weakness)
  const unready: string[] = []
  world.objects.onPut = (name) => unready.push(...missingTiles(world, name))
  const fates = ratesOf(random)
  const first = beginning.keys.length
  const count = 5 + random.below(26)
  const announced = await announce(world, first, count)

  world.scheduler.decide = decide ? (_, tick) => decide(tick) : fates
  const split = isRestored ? Math.floor(announced.length / 2) : announced.length
  await chosen.drive(work(crewOf(world), announced.slice(0, split)))
  let before: Published | undefined
  if (isRestored) {
    chosen.flush()
    before = newestPublished(world)
    world.table = restored(world.table, random.below(chosen.tick() + 1))
    await chosen.drive(work(crewOf(world), announced.slice(split)))
  }
  world.scheduler.decide = () => 'done'
  const clean = { ...world, itemFault: 0 }
  // What was reported as failed and is still under way may arrive during the first of these, and is there before the second.
  for (let pass = 0; pass < 2; pass++) {
    await chosen.drive(finish(crewOf(clean), announced))
    chosen.flush()
  }
  const log = {
    log: directTable(world.table),
    entries: directTable(world.entries),
    objects: directObjects(world.objects),
    controller,
  }
  const refusals = world.errors.filter(({ code }) => code === 'log-forked').length
  const unexpected = world.errors.filter(({ code }) => code !== 'unavailable' && code !== 'log-forked')
  const wrong = [...unready, ...unexpected.map((error) => `${error.code}: ${error.message}`)]
  if (before) wrong.push(...(await examineRestored(log, world, before)))
  if (refusals === 0) wrong.push(...(await examine(log, [...beginning.keys, ...announced.map(({ key }) => key)])))
  else if (!before) wrong.push(...world.errors.filter(({ code }) => code === 'log-forked').map(String))
  return { wrong, ticks: chosen.tick(), refusals }
}

function newWorld(chosen: Scheduler, from: Beginning | undefined, itemFault: number, weakness?: Weakness): World {
  return {
    scheduler: chosen,
    entries: simulatedTable(maxItemBytes, from?.entries),
    table: simulatedTable(maxItemBytes, from?.table),
    objects: simulatedObjects(from?.objects),
    weakness,
    itemFault,
    errors: [],
  }
}

async function announce({ entries }: World, first: number, count: number): Promise<AnnouncedEntry[]> {
  const numbers = Array.from({ length: count }, (_, i) => first + i)
  await directTable(entries).insert(numbers.map((n) => ({ ...keyOf(n), values: { leaf: leafOf(n) } })))
  return numbers.map((n) => (n % 3 === 0 ? { key: keyOf(n) } : { key: keyOf(n), leaf: leafOf(n) }))
}

function crewOf(world: World): Crew {
  return { controller, random: world.scheduler.random, errors: world.errors, employ: () => newActor(world) }
}

/** Its clock is off by some seconds. */
function newActor(world: World): Employed {
  const { scheduler: chosen, weakness, itemFault } = world
  const actor = chosen.actor()
  const table = actorsTable(world.table, chosen, actor, { itemFault })
  const log = weakness?.table?.(table) ?? table
  const objects = actorsObjects(world.objects, chosen, actor)
  const skewMs = chosen.random.below(20_000)
  const signerOf = (number: number): Signer => {
    const { publicKey, sign } = fastSigner(number)
    return { publicKey, sign: (message) => chosen.step(actor, () => undefined).then(() => sign(message)) }
  }
  const logWriter: LogWriter = {
    entries: actorsTable(world.entries, chosen, actor, { itemFault }),
    log,
    objects: weakness?.objects?.(objects, log) ?? objects,
    clock: () => startMs + skewMs + chosen.tick() * 700,
    random: (count) => chosen.random.bytes(count),
    host,
    checkpointSigner: signerOf(1),
    witnessSigner: signerOf(2),
  }
  const preparation = { ...sequencerRules, ...bounds, ...weakness?.preparation?.(table) }
  return { actor, logWriter, preparation, sleep: () => chosen.step(actor, () => undefined) }
}

function ratesOf(random: Random): (random: Random, tick: number) => Fate {
  const [failing, crashing] = random.pick<[number, number]>([
    [0, 0],
    [0.05, 0.01],
    [0.15, 0.02],
    [0.05, 0.08],
    [0.25, 0.08],
  ])
  return (chance) => {
    const drawn = chance.next()
    if (drawn < failing) return chance.pick<Fate>(['failed', 'lost', 'late'])
    return drawn < failing + crashing ? chance.pick<Fate>(['crash-before', 'crash-after']) : 'done'
  }
}

/** Published means that its tiles exist: at the moment when the checkpoint is stored, not later. */
function missingTiles({ objects }: World, name: string): string[] {
  if (!name.startsWith(checkpointFolder(controller))) return []
  const size = publishedOf(objects, name).size
  const nothing = { size, tile: () => Buffer.alloc(0), bundle: () => Buffer.alloc(0) }
  return [...tilesOf(nothing, controller)]
    .filter(([tile]) => !objects.stored.has(tile))
    .map(([tile]) => `${size} was published before ${tile.slice(logObject(controller, '').length)}`)
}

interface Published {
  readonly size: number
  readonly root: string
}

function publishedOf({ stored }: SimulatedObjects, name: string): Published {
  const [, size = '', root = ''] = String(stored.get(name)).split('\n')
  return { size: Number(size), root }
}

function allPublished({ objects }: World): Published[] {
  const names = [...objects.stored.keys()].filter((name) => name.startsWith(checkpointFolder(controller)))
  return names.map((name) => publishedOf(objects, name)).sort((a, b) => b.size - a.size)
}

function newestPublished(world: World): Published | undefined {
  return allPublished(world)[0]
}

/** After a restore nothing may be published that does not extend what was published before it. */
async function examineRestored(log: Parameters<typeof examine>[0], world: World, before: Published): Promise<string[]> {
  const naive = naiveLog(await readLeaves(log, await readBatches(log)))
  const after = allPublished(world).filter(({ size }) => size > before.size)
  if (after.length === 0) return []
  const isSameLog = before.size <= naive.size && naive.root(before.size).toString('base64') === before.root
  return isSameLog ? [] : [`after a restore ${after[0]?.size} was published, which does not extend ${before.size}`]
}
