import { describe, expect, it } from 'vitest'
import { inForce } from '../../../../shared/consent/policy.ts'
import { versionLeaf } from '../../../../shared/consent/published-leaf.ts'
import { LedgerError } from '../../../../shared/errors.ts'
import { controllerSnapshots } from '../../../../shared/ledger/controllers/controller-snapshots.ts'
import { createController } from '../../../../shared/ledger/controllers/create-controller.ts'
import { publishVersion, retractVersion } from '../../../../shared/ledger/controllers/publish-policies.ts'
import { textObject } from '../../../../shared/ledger/controllers/published-texts.ts'
import { eventually } from '../../../support/eventually.ts'
import { controllerDraft, memoryLedger, seeded, versionDraft } from '../../../support/memory-ledger.ts'
import { purpose, purposeId } from '../../consent/scenario.ts'

const now = '2026-11-22T12:00:00.000Z'

async function codeOf(act: Promise<unknown>): Promise<string> {
  try {
    await act
    return 'fine'
  } catch (error) {
    if (error instanceof LedgerError) return error.code
    throw error
  }
}

describe('publication', () => {
  it('stores the text under its hash before the version that names it', async () => {
    const ledger = memoryLedger(now)
    await seeded(ledger)
    const objects: string[] = []
    const failing = {
      ...ledger,
      entries: { ...ledger.entries, insert: async () => [{ outcome: 'error' as const, error: new Error('gone') }] },
    }
    failing.objects = {
      ...ledger.objects,
      put: async (name, bytes) => {
        objects.push(name)
        await ledger.objects.put(name, bytes)
      },
    }
    await expect(publishVersion(failing, 'acme', versionDraft({ version: '2', level: 'minor' }))).rejects.toThrow(
      'gone',
    )
    expect(objects).toHaveLength(1)
    const retried = await publishVersion(ledger, 'acme', versionDraft({ version: '2', level: 'minor' }))
    expect(retried.created).toBe(true)
    expect(objects[0]).toBe(textObject(retried.record.texts[0]?.sha256 ?? ''))
    expect(versionLeaf(retried.record)).toContain('"kind":"policy"')
  })

  it('repeats its first answer and refuses other content, also of a controller', async () => {
    const ledger = memoryLedger(now)
    await seeded(ledger)
    ledger.setNow('2026-11-23T00:00:00.000Z')
    const again = await publishVersion(ledger, 'acme', versionDraft())
    expect(again).toMatchObject({ created: false, record: { publishedAt: now } })
    expect(await codeOf(publishVersion(ledger, 'acme', versionDraft({ scope: ['other'] })))).toBe('already-exists')
    expect((await createController(ledger, controllerDraft)).created).toBe(false)
    expect(await codeOf(createController(ledger, { ...controllerDraft, name: 'Other' }))).toBe('already-exists')
    expect(await codeOf(createController(ledger, { ...controllerDraft, controller: 'other' }))).toBe('already-exists')
  })

  it('refuses two versions at one instant, unless one is retracted', async () => {
    const ledger = memoryLedger(now)
    await seeded(ledger)
    const effectiveFrom = '2027-01-01T00:00:00.000Z'
    const draft = (version: string) => versionDraft({ version, effectiveFrom, level: 'minor' })
    await publishVersion(ledger, 'acme', draft('2'))
    expect(await codeOf(publishVersion(ledger, 'acme', draft('3')))).toBe('version-conflict')
    await retractVersion(ledger, 'acme', 'privacy', { version: '2', reason: 'a mistake' })
    expect(await codeOf(publishVersion(ledger, 'acme', draft('3')))).toBe('fine')
    const snapshot = await ledger.controllers.current('acme')
    const history = snapshot?.policies.get('privacy')
    expect(history && inForce(history, effectiveFrom)?.version).toBe('3')
  })

  it('retracts until 60 s before the date', async () => {
    const ledger = memoryLedger(now)
    await seeded(ledger)
    const draft = versionDraft({ version: '2', effectiveFrom: '2027-01-01T00:00:00.000Z', level: 'minor' })
    await publishVersion(ledger, 'acme', draft)
    ledger.setNow('2026-12-31T23:59:00.001Z')
    expect(await codeOf(retractVersion(ledger, 'acme', 'privacy', { version: '2', reason: 'r' }))).toBe(
      'too-late-to-retract',
    )
    ledger.setNow('2026-12-31T23:59:00.000Z')
    expect(await codeOf(retractVersion(ledger, 'acme', 'privacy', { version: '2', reason: 'r' }))).toBe('fine')
    expect(await codeOf(retractVersion(ledger, 'acme', 'privacy', { version: '9', reason: 'r' }))).toBe('not-found')
  })

  it('compares with the version that it follows, not with the one published last', async () => {
    const ledger = memoryLedger(now)
    await seeded(ledger)
    const later = versionDraft({
      version: 'later',
      effectiveFrom: '2027-06-01T00:00:00.000Z',
      purposes: [purpose({ retention: 'P9Y' })],
      changes: [{ purposeId, level: 'minor', reason: 'r' }],
    })
    await publishVersion(ledger, 'acme', later)
    const between = await publishVersion(
      ledger,
      'acme',
      versionDraft({ version: 'between', effectiveFrom: '2027-01-01T00:00:00.000Z', level: 'minor' }),
    )
    expect(between.record.comparedWith).toBe('1')
  })
})

it('gives no log the name of the witness', async () => {
  const draft = { ...controllerDraft, controller: 'witness' }
  await expect(createController(memoryLedger(now), draft)).rejects.toMatchObject({ code: 'invalid-request' })
})

describe('what an instance knows', () => {
  it('is at most 30 s old, and is refreshed while it serves', async () => {
    const ledger = memoryLedger(now)
    await seeded(ledger)
    const another = controllerSnapshots(ledger.entries, ledger.log, ledger.keyring, ledger.clock)
    const known = async () => (await another.recent('acme'))?.policies.get('privacy')?.versions.length
    expect(await known()).toBe(1)
    await publishVersion(ledger, 'acme', versionDraft({ version: '2', level: 'minor' }))
    ledger.setNow('2026-11-22T12:00:15.000Z')
    expect(await known()).toBe(1)
    ledger.setNow('2026-11-22T12:00:15.001Z')
    expect(await known()).toBe(1)
    await eventually(async () => expect(await known()).toBe(2))

    await publishVersion(
      ledger,
      'acme',
      versionDraft({ version: '3', level: 'minor', effectiveFrom: '2027-01-01T00:00:00.000Z' }),
    )
    ledger.setNow('2026-11-22T12:00:45.002Z')
    expect(await known()).toBe(3)
  })

  it('never remembers that something is not there', async () => {
    const ledger = memoryLedger(now)
    expect(await ledger.controllers.recent('acme')).toBeUndefined()
    await seeded(ledger)
    expect(await ledger.controllers.recent('acme')).toBeDefined()
  })
})
