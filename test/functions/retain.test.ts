/** The scheduled retention: pages added up, until the vault is through or the time is. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { provideRetainer } from '../../functions/instance.ts'
import { handler as retain } from '../../functions/retain.ts'
import { LedgerError } from '../../shared/errors.ts'
import type { Retainer } from '../../shared/ledger/ledger.ts'
import { recordEvents } from '../../shared/ledger/record.ts'
import type { Key } from '../../shared/ledger/store.ts'
import { memoryLedger, seeded, submission } from '../support/memory-ledger.ts'
import { memoryRetainer } from '../support/memory-vault.ts'

const people = 5
let retainer: Retainer
let scans: (string | undefined)[]
let onScan: (scan: number) => void

/** Five people of years ago, a page each. */
beforeEach(async () => {
  const ledger = memoryLedger('2024-05-01T00:00:00.000Z')
  const book = await seeded(ledger)
  const submissions = Array.from({ length: people }, (_, n) =>
    submission(
      { eventId: `event-${n}`, occurredAt: '2024-05-01T00:00:00.000Z' },
      { identity: { type: 'email', id: `${n}` } },
    ),
  )
  await recordEvents(ledger, book, submissions)
  ledger.setNow('2030-01-01T00:00:00.000Z')
  const made = memoryRetainer(ledger)
  const all = (await made.vault.scan()).items
  scans = []
  onScan = () => {}
  retainer = {
    ...made,
    vault: {
      ...made.vault,
      async scan(after?: Key) {
        scans.push(after?.pk)
        onScan(scans.length)
        const at = after === undefined ? 0 : all.findIndex(({ pk }) => pk === after.pk) + 1
        const [item] = all.slice(at)
        const [still] = item ? await made.vault.get([item]) : []
        return {
          items: still ? [still] : [],
          ...(item && at < all.length - 1 && { next: { pk: item.pk, sk: item.sk } }),
        }
      },
    },
  }
  provideRetainer(retainer)
})

describe('retain', () => {
  it('goes through the vault, and says how much it did and nothing else', async () => {
    expect(await retain()).toEqual({ subjects: 5, contexts: 0, years: 0, erased: 5, orphans: 0, unreadable: 0 })
    expect(scans).toHaveLength(people)
    expect(await retain()).toMatchObject({ erased: 0 })
  })

  it('begins no page when its time is up, and goes on where it is told to', async () => {
    const clock = vi.spyOn(performance, 'now')
    onScan = (scan) => {
      if (scan === 2) clock.mockReturnValue(1e9)
    }
    const { next, ...first } = await retain({})
    clock.mockRestore()
    expect(first).toMatchObject({ subjects: 2, erased: 2 })
    expect(next).toEqual({ pk: expect.any(String), sk: 'subject' })
    const { next: end, ...rest } = await retain({ after: next })
    expect([rest.erased, end]).toEqual([3, undefined])
    expect(new Set(scans).size).toBe(people)
  })

  it('that fails has done the pages before, and may begin anew', async () => {
    onScan = (scan) => {
      if (scan === 3) throw new LedgerError('unavailable', 'as scripted')
    }
    await expect(retain()).rejects.toMatchObject({ code: 'unavailable' })
    expect(await retain()).toMatchObject({ erased: 3 })
  })
})

it('needs a retainer', async () => {
  vi.resetModules()
  const fresh = await import('../../functions/retain.ts')
  await expect(fresh.handler()).rejects.toThrow('no retainer was provided')
})
