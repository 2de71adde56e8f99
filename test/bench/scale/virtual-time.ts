/**
 * Time that passes only when everything has done what it can: a simulated minute takes as long as its work, and one seed gives one course
 * of events. Code under simulation may use promises and `setImmediate`; it may set real timers only as deadlines that never fire.
 */
export interface VirtualTime {
  /** Milliseconds since the beginning of the simulation. */
  now(): number
  sleep(ms: number): Promise<void>
  /** Lets time pass until this is settled. */
  run<T>(work: Promise<T>): Promise<T>
}

interface Alarm {
  readonly at: number
  readonly order: number
  readonly ring: () => void
}

export function virtualTime(): VirtualTime {
  const alarms = alarmHeap()
  let now = 0
  let order = 0

  return {
    now: () => now,
    sleep: (ms) => new Promise((resolve) => alarms.push({ at: now + Math.max(0, ms), order: order++, ring: resolve })),
    async run(work) {
      let isSettled = false
      const settled = () => {
        isSettled = true
      }
      work.then(settled, settled)
      for (;;) {
        // A resolved promise may ask for the next turn of the event loop, and what runs there may resolve another.
        for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
        if (isSettled) return work
        const next = alarms.pop()
        if (next === undefined) throw new Error('the simulation waits for something that its clock does not know')
        now = next.at
        next.ring()
      }
    },
  }
}

/** A binary heap: the earliest alarm first, of equal ones the one that was set first. */
function alarmHeap(): { push(alarm: Alarm): void; pop(): Alarm | undefined } {
  const heap: Alarm[] = []
  const isBefore = (a: Alarm, b: Alarm) => a.at < b.at || (a.at === b.at && a.order < b.order)

  function settleDown(alarm: Alarm): void {
    let hole = 0
    for (;;) {
      const left = heap[2 * hole + 1]
      const right = heap[2 * hole + 2]
      const isRight = left !== undefined && right !== undefined && isBefore(right, left)
      const child = isRight ? right : left
      if (child === undefined || !isBefore(child, alarm)) break
      heap[hole] = child
      hole = 2 * hole + (isRight ? 2 : 1)
    }
    heap[hole] = alarm
  }

  return {
    push(alarm) {
      let hole = heap.length
      heap.push(alarm)
      for (;;) {
        const above = heap[(hole - 1) >> 1]
        if (hole === 0 || above === undefined || !isBefore(alarm, above)) break
        heap[hole] = above
        hole = (hole - 1) >> 1
      }
      heap[hole] = alarm
    },
    pop() {
      const first = heap[0]
      const last = heap.pop()
      if (last !== undefined && heap.length > 0) settleDown(last)
      return first
    },
  }
}

/** One core of an instance: work waits for the work before it. */
export interface Processor {
  work(ms: number): Promise<void>
}

export function processor(time: VirtualTime): Processor {
  let freeAt = 0
  return {
    work(ms) {
      const startsAt = Math.max(time.now(), freeAt)
      freeAt = startsAt + ms
      return time.sleep(freeAt - time.now())
    },
  }
}
