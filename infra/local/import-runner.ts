/**
 * Carries out imports in the process of the server, one after the other: at once when one is started, and at the server's start those that a crash
 * cut off. It looks again each half minute, so that one which failed for a moment goes on.
 */
import { dueImports } from '../../shared/imports/import-state.ts'
import { runImport } from '../../shared/imports/run-import.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import type { TransferFiles } from '../../shared/ledger/transfers/transfer-files.ts'

export interface ImportRunner {
  /** Something was queued. */
  wake(): void
  /** Resolves when the chunk in progress is recorded. */
  close(): Promise<void>
}

const lookMs = 30_000
/** No other process works on this ledger, so an import that was left running is free at once. */
const silentMs = 0

export function startImports(
  ledger: Ledger,
  files: TransferFiles,
  onFault: (error: unknown) => void = () => {},
): ImportRunner {
  let isClosed = false
  let running: Promise<void> | undefined
  let isWanted = false
  const worker = { ledger, files, silentMs, goesOn: () => !isClosed }

  async function all(): Promise<void> {
    for await (const due of dueImports(ledger, silentMs)) {
      if (isClosed) return
      // One that fails must not hold up the others.
      await runImport(worker, due).catch(onFault)
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
