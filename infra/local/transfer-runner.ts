/**
 * Carries out imports, or exports, in the process of the server, one after the other: at once when one is asked for, and at the server's start those
 * that a crash cut off. It looks again each half minute, so that one which failed for a moment goes on.
 */
export interface TransferRunner {
  /** Something is due. */
  wake(): void
  /** Resolves when the chunk or piece in progress is stored. */
  close(): Promise<void>
}

/** What is due, and how one is carried out until `goesOn` says no. */
export interface Transfers<Due> {
  readonly due: (silentMs: number) => AsyncIterable<Due>
  readonly run: (due: Due, pace: { readonly silentMs: number; readonly goesOn: () => boolean }) => Promise<unknown>
}

const lookMs = 30_000
/** No other process works on this ledger, so what was left running is free at once. */
const silentMs = 0

export function startTransfers<Due>(
  { due, run }: Transfers<Due>,
  onFault: (error: unknown) => void = () => {},
): TransferRunner {
  let isClosed = false
  let running: Promise<void> | undefined
  let isWanted = false
  const pace = { silentMs, goesOn: () => !isClosed }

  async function all(): Promise<void> {
    for await (const each of due(silentMs)) {
      if (isClosed) return
      // One that fails must not hold up the others.
      await run(each, pace).catch(onFault)
    }
  }

  function look(): void {
    isWanted = true
    running ??= (async () => {
      while (isWanted && !isClosed) {
        isWanted = false
        await all().catch(onFault)
      }
      running = undefined
    })()
  }

  const timer = setInterval(look, lookMs).unref()
  look()
  return {
    wake: look,
    async close() {
      isClosed = true
      clearInterval(timer)
      await running
    },
  }
}
