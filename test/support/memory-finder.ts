/** The model of the `SubjectFinder` port, over that of the vault. Unlike the index on AWS it is never late. */
import type { Key, SubjectFinder } from '../../shared/ledger/store.ts'
import type { MemoryTable } from './memory-table.ts'

export function memorySubjectFinder(vault: Pick<MemoryTable, 'scan'>): SubjectFinder {
  return {
    async find(holder) {
      const found: Key[] = []
      let after: Key | undefined
      do {
        const page = await vault.scan(after)
        for (const { pk, sk, values } of page.items) if (values.holder === holder) found.push({ pk, sk })
        after = page.next
      } while (after !== undefined)
      return found
    },
  }
}
