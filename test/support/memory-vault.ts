/** The models of the `VaultEraser` and `RetentionVault` ports, over that of a table. Faults are scripted, for each key that is touched. */
import { isDeepStrictEqual } from 'node:util'
import { LedgerError } from '../../shared/errors.ts'
import type { DeletedRowCopies, Eraser, RetentionJob } from '../../shared/ledger/ledger.ts'
import type { Clock, Item, Key, RetentionVault, VaultEraser } from '../../shared/ledger/store.ts'
import type { MemoryLedger } from './memory-ledger.ts'
import type { MemoryTable, ScriptedFault } from './memory-table.ts'

export interface MemoryVaultOptions {
  readonly fault?: (key: Key) => ScriptedFault | undefined
}

export function memoryVaultEraser(
  vault: MemoryTable,
  { fault = () => undefined }: MemoryVaultOptions = {},
): VaultEraser {
  return {
    get: (keys) => vault.get(keys),
    query: (pk, options) => vault.query(pk, options),
    async remove(rows) {
      const stored = await vault.get(rows)
      const struck = rows.map((row, i) => {
        const outcome = fault(row)
        if (outcome !== 'before' && isAsRead(row, stored[i])) vault.remove(row)
        return outcome
      })
      if (struck.some((outcome) => outcome !== undefined))
        throw new LedgerError('unavailable', 'The vault failed, as scripted.')
    },
  }
}

export function memoryEraser(
  ledger: MemoryLedger,
  options: MemoryVaultOptions = {},
  deletedRowCopies: DeletedRowCopies = { in: 'file' },
) {
  const { entries, vault, clock, random } = ledger
  return {
    entries,
    vault: memoryVaultEraser(vault, options),
    clock,
    random,
    deletedRowCopies,
  } satisfies Eraser
}

export function memoryRetentionVault(vault: MemoryTable, options: MemoryVaultOptions = {}): RetentionVault {
  return {
    ...memoryVaultEraser(vault, options),
    scan: (after, slice) => vault.scan(after, slice),
    async removeValues(row, names) {
      const fault = options.fault?.(row)
      const [item] = await vault.get([row])
      if (item && isAsRead(row, item) && fault !== 'before') {
        const kept = Object.entries(item.values).filter(([name]) => !names.includes(name))
        vault.replace({ ...item, values: Object.fromEntries(kept) })
      }
      if (fault !== undefined) throw new LedgerError('unavailable', 'The vault failed, as scripted.')
    },
  }
}

export function memoryRetainer(ledger: MemoryLedger, options: MemoryVaultOptions = {}): RetentionJob {
  const { entries, vault, clock, random, controllers } = ledger
  return { entries, vault: memoryRetentionVault(vault, options), log: busyLog(clock), clock, random, controllers }
}

/** A log that is at work each day, and so agrees with the clock. */
function busyLog(clock: Clock): RetentionJob['log'] {
  return {
    query: async (pk) => ({ items: [{ pk, sk: new Date(clock()).toISOString().slice(0, 13), values: { index: 0 } }] }),
  }
}

/** With all values that were read; it may have others. */
function isAsRead({ values }: Item, stored: Item | undefined): boolean {
  return (
    stored !== undefined &&
    Object.entries(values).every(([name, value]) => isDeepStrictEqual(stored.values[name], value))
  )
}
