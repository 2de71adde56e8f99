/**
 * Carries out exports in the process of the server, one after the other: at once when one is asked for, and at the server's start those that a
 * crash cut off. It looks again each half minute, so that one which failed for a moment goes on.
 */
import { dueExports } from '../../shared/exports/export-state.ts'
import { runExport } from '../../shared/exports/run-export.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import type { SubjectFinder } from '../../shared/ledger/store.ts'
import type { TransferFiles } from '../../shared/ledger/transfers/transfer-files.ts'

export interface ExportRunner {
  /** One was asked for or cancelled. */
  wake(): void
  /** Resolves when the piece in progress is recorded. */
  close(): Promise<void>
}

const lookMs = 30_000
/** No other process works on this ledger, so an export that was left running is free at once. */
const silentMs = 0

export function startExports(
  ledger: Ledger,
  finder: SubjectFinder,
  files: TransferFiles,
  onFault: (error: unknown) => void = () => {},
): ExportRunner {
  let isClosed = false
  let running: Promise<void> | undefined
  let isWanted = false
  const worker = { ledger, finder, files, silentMs, goesOn: () => !isClosed }

  async function all(): Promise<void> {
    for await (const due of dueExports(ledger, silentMs)) {
      if (isClosed) return
      // One that fails must not hold up the others.
      await runExport(worker, due).catch(onFault)
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
