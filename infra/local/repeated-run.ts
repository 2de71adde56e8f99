/**
 * A job of a local ledger that runs some time after the start and then again and again; on AWS a schedule does this. Runs come one after the
 * other, also those that somebody asks for. Closing waits for the one in progress.
 */

export interface RepeatedRun {
  /** Runs now, after those before. Throws what the run throws. */
  run(): Promise<void>
  close(): Promise<void>
}

export interface RunTimes {
  readonly firstMs: number
  /** From the end of a run to the next. */
  readonly everyMs: number
}

/** @param work gets a function that says whether it may go on, asked between its steps */
export function startRepeating(
  { firstMs, everyMs }: RunTimes,
  work: (goesOn: () => boolean) => Promise<void>,
  onFault: (error: unknown) => void,
): RepeatedRun {
  let timer = schedule(firstMs)
  let isClosed = false
  /** Resolves when the last requested run has ended. */
  let last: Promise<void> = Promise.resolve()

  function schedule(ms: number): NodeJS.Timeout {
    return setTimeout(async () => {
      await run().catch(onFault)
      if (!isClosed) timer = schedule(everyMs)
    }, ms).unref()
  }

  function run(): Promise<void> {
    const next = last.then(() => work(() => !isClosed))
    last = next.catch(() => undefined)
    return next
  }

  return {
    run,
    async close() {
      isClosed = true
      clearTimeout(timer)
      await last
    },
  }
}
