/**
 * Links in letters over random histories, against a naive model: a yes counts when its own link was used in time and no no came between; what came
 * last decides; and a confirmation never turns a standing no into a yes.
 */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { askStatuses } from '../../../../shared/ledger/answers/statuses-for-subject.ts'
import type { ControllerSnapshot } from '../../../../shared/ledger/controllers/controller-snapshots.ts'
import { publishVersion } from '../../../../shared/ledger/controllers/publish-policies.ts'
import { eraseSubject } from '../../../../shared/ledger/erasure/erase-subject.ts'
import { timestamp } from '../../../../shared/ledger/ledger.ts'
import { confirmByLetter } from '../../../../shared/ledger/letters/confirm-by-letter.ts'
import {
  maxLetterPurposes,
  openLetterToken,
  type UnsubscribeGrant,
} from '../../../../shared/ledger/letters/letter-tokens.ts'
import { requestConfirmation } from '../../../../shared/ledger/letters/request-confirmation.ts'
import { mintUnsubscribeToken, unsubscribe } from '../../../../shared/ledger/letters/unsubscribe.ts'
import { vaultScope } from '../../../../shared/ledger/vault/subject-keys.ts'
import { type MemoryLedger, memoryLedger, seeded, submission, versionDraft } from '../../../support/memory-ledger.ts'
import { memoryEraser } from '../../../support/memory-vault.ts'
import { purpose } from '../../consent/scenario.ts'

const start = Date.parse('2026-11-22T12:00:00.000Z')
const hourMs = 3_600_000

async function opened(): Promise<{ ledger: MemoryLedger; snapshot: ControllerSnapshot }> {
  const ledger = memoryLedger('2026-11-01T12:00:00.000Z')
  await seeded(ledger)
  const purposes = [purpose({ purposeId: 'letters', doubleOptIn: true })]
  await publishVersion(ledger, 'acme', versionDraft({ policyId: 'letters', purposes }))
  const snapshot = await ledger.controllers.current('acme')
  if (snapshot === undefined) throw new Error('no controller')
  return { ledger, snapshot }
}

const limited = (error: unknown) => {
  expect(error).toMatchObject({ code: 'rate-limited' })
  return undefined
}

type Step =
  | { readonly does: 'ask'; readonly waitHours: number }
  | { readonly does: 'confirm'; readonly fromNewest: number; readonly waitHours: number }
  | { readonly does: 'unsubscribe'; readonly waitHours: number }

const waitHours = fc.constantFrom(0, 0, 1, 1, 5, 30)
const aStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ does: fc.constant('ask' as const), waitHours }),
  fc.record({ does: fc.constant('confirm' as const), fromNewest: fc.constantFrom(0, 0, 0, 1, 2), waitHours }),
  fc.record({ does: fc.constant('unsubscribe' as const), waitHours }),
)

it('a link confirms its own yes, in time, unless a no came since', async () => {
  const { ledger, snapshot } = await opened()
  let person = 0
  let confirmations = 0
  await fc.assert(
    fc.asyncProperty(fc.array(aStep, { minLength: 3, maxLength: 8 }), async (steps) => {
      const identity = { type: 'email', id: `person-${person++}@example.org` }
      const transport = {}
      const grant = { site: 'web', subject: identity, purposes: ['letters'] }
      await mintUnsubscribeToken(ledger, snapshot, grant)
      const letters: { readonly token: string; readonly askedAtMs: number; waits: boolean; used: boolean }[] = []
      let isGiven = false
      let now = start
      for (const [i, step] of steps.entries()) {
        now += step.waitHours * hourMs + 1000
        ledger.setNow(new Date(now).toISOString())
        if (step.does === 'ask') {
          const event = {
            eventId: `00000000-0000-4000-8000-${String(person * 100 + i).padStart(12, '0')}`,
            occurredAt: new Date(now).toISOString(),
            decisions: [{ purposeId: 'letters', verb: 'given' as const }],
            act: 'checkbox' as const,
          }
          const received = submission(event, { identity, assurance: 'operator' })
          const requested = await requestConfirmation(ledger, snapshot, received).catch(limited)
          if (requested?.letter)
            letters.push({ token: requested.letter.token, askedAtMs: now, waits: true, used: false })
        } else if (step.does === 'unsubscribe') {
          await unsubscribe(ledger, snapshot, grant, transport)
          for (const letter of letters) letter.waits = false
          isGiven = false
        } else {
          const letter = letters.at(-1 - step.fromNewest)
          const opensTo = letter && openLetterToken(vaultScope(snapshot), 'confirmation', letter.token)
          if (letter === undefined || opensTo === undefined) continue
          const inTime = now - letter.askedAtMs < 48 * hourMs
          const outcome = await confirmByLetter(ledger, snapshot, opensTo, transport)
          const unlessWaiting = isGiven ? 'confirmed-before' : 'ended'
          const expected = !inTime ? 'ended' : letter.waits ? 'confirmed' : unlessWaiting
          expect(outcome).toBe(letter.used ? 'confirmed-before' : expected)
          if (outcome === 'confirmed') {
            // One confirmation confirms every yes that waits.
            for (const each of letters) each.waits = false
            letter.used = true
            isGiven = true
            confirmations++
          }
        }
        const at = timestamp(ledger.clock)
        const { consents } = await askStatuses(ledger, snapshot, identity, [{ purposeId: 'letters' }], {
          at,
          knownAt: at,
          askedAt: at,
        })
        expect(consents[0]?.permittedByConsent).toBe(isGiven)
      }
    }),
    { numRuns: 60 },
  )
  expect(confirmations).toBeGreaterThan(2)
})

it('a link changes nothing for a person who was erased, by the calls that it takes for one who said no before', async () => {
  const { ledger, snapshot } = await opened()
  const calls: string[] = []
  const counted = <T extends object>(name: string, table: T): T =>
    new Proxy(table, {
      get(of, member) {
        const value: unknown = Reflect.get(of, member)
        if (typeof value !== 'function') return value
        return (...given: unknown[]) => {
          calls.push(`${name} ${String(member)}`)
          return value.apply(of, given)
        }
      },
    })
  const watched = { ...ledger, entries: counted('entries', ledger.entries), vault: counted('vault', ledger.vault) }
  const callsOf = async (does: () => Promise<unknown>) => {
    calls.length = 0
    await does()
    return [...calls]
  }
  const grantOf = (name: string): UnsubscribeGrant => {
    const subject = { type: 'email', id: `${name}@example.org` }
    return { site: 'web', subject, purposes: ['letters'] }
  }
  const [kim, lo] = [grantOf('kim'), grantOf('lo')]
  for (const grant of [kim, lo]) {
    await mintUnsubscribeToken(ledger, snapshot, grant)
    await unsubscribe(ledger, snapshot, grant, {})
  }
  await eraseSubject(memoryEraser(ledger), vaultScope(snapshot), lo.subject, { ground: 'order', scope: 'subject' })
  const confirmation = { eventId: '5f0c6a1e-8b0d-4c57-9a3e-2d1f6b7c8e90', expiresAt: '2090-01-01T00:00:00.000Z' }
  for (const use of [
    (grant: UnsubscribeGrant) => unsubscribe(watched, snapshot, grant, {}),
    (grant: UnsubscribeGrant) => confirmByLetter(watched, snapshot, { ...grant, ...confirmation }, {}),
  ]) {
    const known = await callsOf(() => use(kim))
    expect(known).toEqual(['vault get', 'entries query'])
    expect(await callsOf(() => use(lo))).toEqual(known)
  }
})

it('a request for more purposes than one letter can ask for is refused whole, because the others could never be confirmed', async () => {
  const ledger = memoryLedger('2026-11-01T12:00:00.000Z')
  await seeded(ledger)
  const ids = Array.from({ length: maxLetterPurposes + 1 }, (_, i) => `letters-${i}`)
  const purposes = ids.map((purposeId) => purpose({ purposeId, doubleOptIn: true }))
  await publishVersion(ledger, 'acme', versionDraft({ policyId: 'letters', purposes }))
  const snapshot = await ledger.controllers.current('acme')
  if (snapshot === undefined) throw new Error('no controller')
  const identity = { type: 'email', id: 'kim@example.org' }
  const request = (of: readonly string[]) => {
    const decisions = of.map((purposeId) => ({ purposeId, verb: 'given' as const }))
    const event = { eventId: randomUUID(), occurredAt: timestamp(ledger.clock), decisions }
    return requestConfirmation(ledger, snapshot, submission(event, { identity }))
  }
  await expect(request(ids)).rejects.toMatchObject({ code: 'invalid-request', facts: { field: '/decisions' } })
  expect((await request(ids.slice(1))).letter?.purposes).toEqual(ids.slice(1))
})
