/** The model of the `VaultEraser` port, over the model of a table. Faults are scripted, for each key that is removed. */
import { LedgerError } from '../../shared/errors.ts'
import type { Eraser, Residue } from '../../shared/ledger/ledger.ts'
import type { Key, VaultEraser } from '../../shared/ledger/store.ts'
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
    async remove(keys) {
      const struck = keys.map((key) => {
        const outcome = fault(key)
        if (outcome !== 'before') vault.remove(key)
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
  residue: Residue = { in: 'file' },
) {
  const { entries, vault, clock, random } = ledger
  return { entries, vault: memoryVaultEraser(vault, options), clock, random, residue } satisfies Eraser
}
