/**
 * A seeded scheduler: every storage operation of every actor waits here until it is chosen, one at a time and by chance, so that a
 * seed is an interleaving and can be run again. No other waiting is allowed: between two steps only microtasks run.
 *
 * An operation's fate is decided when it is chosen. A crash ends its actor: it never hears of any answer again, and of its other
 * operations under way some still take place and some do not.
 */
import { LedgerError } from '../../shared/errors.ts'

export interface Random {
  /** From 0 up to but not including 1. */
  next(): number
  /** An integer from 0 up to but not including this. */
  below(limit: number): number
  chance(probability: number): boolean
  pick<T>(choices: readonly [T, ...T[]]): T
  bytes(count: number): Uint8Array
}

/** `lost`: it takes place, and the answer is lost. `late`: it is reported as failed, and takes place some time later. */
export type Fate = 'done' | 'failed' | 'lost' | 'late' | 'crash-before' | 'crash-after'

export interface Actor {
  isDead: boolean
  readonly died: Promise<'dead'>
  die(): void
}

export interface Scheduler {
  readonly random: Random
  /** Operations that were chosen so far. */
  tick(): number
  actor(): Actor
  /** Waits, then has this effect on the storage, or does not. */
  step<T>(actor: Actor, effect: () => T): Promise<T>
  /** Chooses until this is settled. */
  drive<T>(work: Promise<T>): Promise<T>
  /** Carries out all operations that are under way and that no actor waits for. */
  flush(): void
  decide: (random: Random, tick: number) => Fate
}

interface Waiting {
  readonly actor: Actor | undefined
  /** On the storage only. */
  readonly effect: () => void
  readonly take: () => void
}

export function scheduler(seed: number): Scheduler {
  const random = seededRandom(seed)
  let waiting: Waiting[] = []
  let ticks = 0

  const self: Scheduler = {
    random,
    tick: () => ticks,
    decide: () => 'done',
    actor() {
      let die = () => {}
      const died = new Promise<'dead'>((resolve) => {
        die = () => resolve('dead')
      })
      return { isDead: false, died, die }
    },
    step(actor, effect) {
      return new Promise((resolve, reject) => {
        if (actor.isDead) return
        waiting.push({ actor, effect, take: () => settle(actor, effect, resolve, reject) })
      })
    },
    async drive(work) {
      let isSettled = false
      const settled = () => {
        isSettled = true
      }
      work.then(settled, settled)
      // Timers and messages of the test runner get their turn here, and at no step, because a turn of the event loop takes longer than a step.
      await new Promise((resolve) => setImmediate(resolve))
      for (;;) {
        // A tick comes when no microtask is left: https://nodejs.org/api/process.html#processnexttickcallback-args
        await new Promise<void>((resolve) => process.nextTick(resolve))
        if (isSettled) return work
        const [chosen] = waiting.splice(random.below(waiting.length), 1)
        if (chosen === undefined) throw new Error('an actor waits for something that the scheduler does not know')
        ticks++
        chosen.take()
      }
    },
    flush() {
      for (const { effect } of waiting) effect()
      waiting = []
    },
  }

  function settle<T>(actor: Actor, effect: () => T, resolve: (value: T) => void, reject: (error: Error) => void): void {
    const fate = self.decide(random, ticks)
    if (fate === 'done') {
      resolve(effect())
      return
    }
    if (fate === 'lost' || fate === 'crash-after') effect()
    if (fate === 'late') waiting.push({ actor: undefined, effect, take: effect })
    if (fate === 'crash-before' || fate === 'crash-after') kill(actor)
    else reject(new LedgerError('unavailable', 'as scheduled'))
  }

  function kill(actor: Actor): void {
    actor.isDead = true
    waiting = waiting
      .filter((each) => each.actor !== actor || random.chance(0.5))
      .map((each) => (each.actor === actor ? { actor: undefined, effect: each.effect, take: each.effect } : each))
    actor.die()
  }

  return self
}

/** Mulberry32: 32 bits of state, good enough to choose by. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (choices) => choices[below(choices.length)] ?? choices[0],
    bytes: (count) => Uint8Array.from({ length: count }, () => below(256)),
  }
}
