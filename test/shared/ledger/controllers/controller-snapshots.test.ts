/** Books of an instance that holds no keyring: everything public is in them, and no secret can be had of them. */
import { describe, expect, it } from 'vitest'
import { controllerSnapshots } from '../../../../shared/ledger/controllers/controller-snapshots.ts'
import { createController } from '../../../../shared/ledger/controllers/create-controller.ts'
import { claimedControllers } from '../../../../shared/ledger/controllers/provider-claims.ts'
import { controllerDraft, memoryLedger, seeded } from '../../../support/memory-ledger.ts'

const now = '2026-11-22T12:00:00.000Z'

describe('controllers without a keyring', () => {
  it('hold what is public, as those with one', async () => {
    const ledger = memoryLedger(now)
    const whole = await seeded(ledger)
    const controllers = controllerSnapshots(ledger.entries, ledger.log, undefined, ledger.clock)
    const { secrets: _withheld, ...snapshot } = (await controllers.recent('acme')) ?? {}
    const { secrets: _secrets, ...expected } = whole
    expect(snapshot).toEqual(expected)
    expect(await controllers.current('nobody')).toBeUndefined()
  })

  it('refuse whoever asks for a secret, and hold none anywhere', async () => {
    const ledger = memoryLedger(now)
    await seeded(ledger)
    const snapshot = await controllerSnapshots(ledger.entries, ledger.log, undefined, ledger.clock).recent('acme')
    for (const secret of ['dataKey', 'peppers', 'pepper', 'noticeKey', 'earlierNoticeKeys'] as const) {
      expect(() => snapshot?.secrets[secret]).toThrow(expect.objectContaining({ code: 'internal' }))
    }
    const stored = (await ledger.entries.get([{ pk: 'acme#controller', sk: 'controller' }]))[0]?.values.secrets
    expect(stored).toBeInstanceOf(Uint8Array)
    const { secrets: _withheld, ...rest } = snapshot ?? {}
    expect(JSON.stringify(rest)).not.toContain(
      Buffer.from(stored as Uint8Array)
        .toString('base64')
        .slice(0, 20),
    )
  })

  it('never ask the key service', async () => {
    const ledger = memoryLedger(now)
    await seeded(ledger)
    let asked = 0
    const keyring = {
      async unwrap(controller: string, wrapped: Uint8Array) {
        asked++
        return ledger.keyring.unwrap(controller, wrapped)
      },
    }
    await controllerSnapshots(ledger.entries, ledger.log, undefined, ledger.clock).recent('acme')
    expect(asked).toBe(0)
    const controllers = controllerSnapshots(ledger.entries, ledger.log, keyring, ledger.clock)
    for (const _ of [1, 2, 3]) await controllers.current('acme')
    expect(asked).toBe(1)
  })
})

it('every controller is among those that claimed an identity provider, and each once', async () => {
  const ledger = memoryLedger(now)
  expect(await claimedControllers(ledger.entries)).toEqual([])
  await createController(ledger, controllerDraft)
  await createController(ledger, controllerDraft)
  const other = { ...controllerDraft, controller: 'other' }
  const identityProvider = { ...controllerDraft.identityProvider, audience: 'other' }
  await createController(ledger, { ...other, identityProvider })
  expect((await claimedControllers(ledger.entries)).sort()).toEqual(['acme', 'other'])
})
