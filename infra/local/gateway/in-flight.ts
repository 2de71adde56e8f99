/** Counts running handlers and answers that are not yet written out, so that a closing server can wait for them. */
export interface InFlight {
  enter(): void
  leave(): void
  /** Resolves when the count is zero, or after `maxMs`. */
  settled(maxMs: number): Promise<void>
}

export function inFlight(): InFlight {
  let count = 0
  let settle: (() => void) | undefined
  return {
    enter() {
      count++
    },
    leave() {
      if (--count === 0) settle?.()
    },
    async settled(maxMs) {
      if (count === 0) return
      const { promise, resolve } = Promise.withResolvers<void>()
      settle = resolve
      const deadline = setTimeout(resolve, maxMs)
      await promise
      clearTimeout(deadline)
    },
  }
}
