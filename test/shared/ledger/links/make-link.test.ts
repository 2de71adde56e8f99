/** Links on the model: what both answers say, what a crash leaves at each insert, storms, races, and what an erasure leaves. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Identity, Verb } from '../../../../shared/consent/event.ts'
import { askStatusesWithJoint } from '../../../../shared/ledger/answers/joint-answers.ts'
import { askStatuses } from '../../../../shared/ledger/answers/statuses-for-subject.ts'
import type { ControllerSnapshot } from '../../../../shared/ledger/controllers/controller-snapshots.ts'
import { publishVersion } from '../../../../shared/ledger/controllers/publish-policies.ts'
import { eraseSubject } from '../../../../shared/ledger/erasure/erase-subject.ts'
import { linkActsOf } from '../../../../shared/ledger/links/link-entries.ts'
import { endLink, type LinkDraft, makeLink, maxLinks } from '../../../../shared/ledger/links/make-link.ts'
import { recordEvents } from '../../../../shared/ledger/recording/record-events.ts'
import type { Key } from '../../../../shared/ledger/store.ts'
import { vaultScope } from '../../../../shared/ledger/vault/subject-keys.ts'
import { subjectKeysForReading, vaultKey } from '../../../../shared/ledger/vault/vault.ts'
import { type MemoryLedger, memoryLedger, seeded, submission, versionDraft } from '../../../support/memory-ledger.ts'
import type { ScriptedFault } from '../../../support/memory-table.ts'
import { memoryEraser } from '../../../support/memory-vault.ts'
import { purpose } from '../../consent/scenario.ts'

const start = '2026-11-28T12:00:00.000Z'
const account = { identity: { type: 'account', id: 'kim' }, proof: 'token' } as const
const device = { identity: { type: 'device', id: 'a-device' }, proof: 'device-secret' } as const
const topics = [{ purposeId: 'newsletter' }]
const draft = (): LinkDraft => ({
  requestId: randomUUID(),
  shown: [{ policyId: 'privacy', shown: '1', grade: 'hashed' }],
})

interface Bench {
  readonly ledger: MemoryLedger
  readonly snapshot: ControllerSnapshot
  readonly now: { minutes: number }
}

async function bench(faults?: Parameters<typeof memoryLedger>[1]): Promise<Bench> {
  const ledger = memoryLedger(start, faults)
  return { ledger, snapshot: await seeded(ledger), now: { minutes: 0 } }
}

/** Lets a minute pass, so that each step has an instant of its own. */
function later({ ledger, now }: Bench): string {
  now.minutes += 1
  const at = new Date(Date.parse(start) + now.minutes * 60_000).toISOString()
  ledger.setNow(at)
  return at
}

async function says(b: Bench, identity: Identity, verb: Verb): Promise<string> {
  const eventId = randomUUID()
  const event = { eventId, occurredAt: later(b), decisions: [{ purposeId: 'newsletter', verb }] }
  const received = submission(event, { identity, assurance: 'authenticated' })
  const [outcome] = (await recordEvents(b.ledger, b.snapshot, [received])).outcomes
  expect(outcome).toMatchObject({ outcome: 'recorded' })
  return eventId
}

const link = (b: Bench, sides: Parameters<typeof makeLink>[2] = [device, account], of = draft()) => {
  later(b)
  return makeLink(b.ledger, b.snapshot, sides, of)
}
const end = (b: Bench, side: Parameters<typeof endLink>[2], linkId: string) => {
  later(b)
  return endLink(b.ledger, b.snapshot, side, linkId, { requestId: randomUUID() })
}

async function ask(b: Bench, identity: Identity, at?: string) {
  const now = later(b)
  const asked = { at: at ?? now, knownAt: now, askedAt: now }
  const { consents, joint } = await askStatusesWithJoint(b.ledger, b.snapshot, identity, topics, asked)
  return { alone: consents[0], joint: joint?.consents[0], links: joint?.links ?? [] }
}

describe('a link', () => {
  it('joins the answers of both sides, and leaves each alone as it was', async () => {
    const b = await bench()
    const given = await says(b, account.identity, 'given')
    const refused = await says(b, device.identity, 'refused')
    const before = [await ask(b, account.identity), await ask(b, device.identity)]
    for (const { joint, links } of before) expect({ joint, links }).toEqual({ joint: undefined, links: [] })
    const made = await link(b)
    expect(made).toMatchObject({ isNew: true, stands: true })
    const [one, other] = [await ask(b, account.identity), await ask(b, device.identity)]
    expect([one.alone, other.alone]).toMatchObject([
      { status: 'Given', decidedBy: given },
      { status: 'Refused', decidedBy: refused },
    ])
    for (const { joint, links } of [one, other]) {
      expect(joint).toMatchObject({ status: 'Withdrawn', decidedBy: refused })
      expect(links).toEqual([{ linkId: made.linkId, linkedAt: made.recordedAt }])
    }
    expect(one.joint?.contradiction).toEqual({
      yes: [{ status: 'Given', decidedBy: given }],
      no: [{ linkId: made.linkId, status: 'Refused', decidedBy: refused }],
    })
    // Before the link there was none, whenever it is asked.
    expect((await ask(b, account.identity, start)).joint).toBeUndefined()
  })

  it('is made once, however often it is asked for, and ends from either side', async () => {
    const b = await bench()
    const first = draft()
    const made = await link(b, [device, account], first)
    expect(await link(b, [device, account], first)).toEqual({ ...made, isNew: false })
    expect(await link(b, [account, device])).toEqual({ ...made, isNew: false })
    const ended = await end(b, account, made.linkId)
    expect(ended).toMatchObject({ linkId: made.linkId, stands: false, isNew: true })
    expect(await end(b, device, made.linkId)).toEqual({ ...ended, isNew: false })
    expect((await ask(b, device.identity)).links).toEqual([])
    // A retry of the first request, late, does not link again.
    expect(await link(b, [device, account], first)).toMatchObject({ linkId: made.linkId, stands: false, isNew: false })
    const again = await link(b)
    expect(again.linkId).not.toBe(made.linkId)
    expect((await ask(b, account.identity)).links).toEqual([{ linkId: again.linkId, linkedAt: again.recordedAt }])
  })

  it('does not chain', async () => {
    const b = await bench()
    const laptop = { identity: { type: 'device', id: 'another' }, proof: 'device-secret' } as const
    await says(b, device.identity, 'given')
    await says(b, laptop.identity, 'refused')
    await link(b)
    await link(b, [laptop, account])
    expect((await ask(b, device.identity)).joint).toMatchObject({ status: 'Given' })
    expect((await ask(b, laptop.identity)).joint).toMatchObject({ status: 'Refused' })
    const whole = await ask(b, account.identity)
    expect(whole.joint).toMatchObject({ status: 'Withdrawn' })
    expect(whole.links).toHaveLength(2)
  })

  it('is refused for one subject twice, whatever the spelling', async () => {
    const b = await bench()
    const mail = (id: string) => ({ identity: { type: 'email', id }, proof: 'operator' }) as const
    const twice = link(b, [mail('kim@example.org'), mail(' Kim@Example.org')])
    await expect(twice).rejects.toMatchObject({ code: 'invalid-request' })
  })

  it('of others cannot be ended by a stranger', async () => {
    const b = await bench()
    const { linkId } = await link(b)
    const stranger = { identity: { type: 'account', id: 'stranger' }, proof: 'token' } as const
    await expect(end(b, stranger, linkId)).rejects.toMatchObject({ code: 'not-found' })
    await says(b, stranger.identity, 'given')
    await expect(end(b, stranger, linkId)).rejects.toMatchObject({ code: 'not-found' })
    expect((await ask(b, account.identity)).links).toHaveLength(1)
  })

  it('has a bound for each subject, which an unlinking frees', async () => {
    const b = await bench()
    const made = []
    for (let i = 0; i < maxLinks; i++)
      made.push(await link(b, [{ identity: { type: 'device', id: `d${i}` }, proof: 'device-secret' }, account]))
    await expect(link(b)).rejects.toMatchObject({ code: 'limit-reached' })
    expect((await ask(b, account.identity)).links).toHaveLength(maxLinks)
    await end(b, account, made[0]?.linkId ?? '')
    expect((await link(b)).stands).toBe(true)
  })

  it('has that bound for many at once, too', async () => {
    const b = await bench()
    const wanted = Array.from({ length: maxLinks + 8 }, (_, i) => ({ type: 'device', id: `d${i}` }))
    const outcomes = await Promise.allSettled(
      wanted.map((identity) => link(b, [{ identity, proof: 'device-secret' }, account])),
    )
    for (const each of outcomes) if (each.status === 'rejected') expect(each.reason.code).toBe('limit-reached')
    expect(((await ask(b, account.identity)).links ?? []).length).toBeLessThanOrEqual(maxLinks)
  })

  it('cannot be made and ended without end', async () => {
    const b = await bench()
    let made = 0
    const storm = async () => {
      for (;;) {
        const { linkId } = await link(b)
        made++
        await end(b, device, linkId)
      }
    }
    await expect(storm()).rejects.toMatchObject({ code: 'limit-reached' })
    expect(made).toBe(128)
  })
})

describe('a crash', () => {
  const cases = ['acme#link#', 'vault'].flatMap((into) =>
    [0, 1].flatMap((nth) => (['before', 'after'] as const).map((fault) => ({ into, nth, fault }))),
  )

  it.each(cases)('$fault insert $nth into $into leaves no half that counts', async ({ into, nth, fault }) => {
    let countdown = -1
    const faultAt = (key: Key): ScriptedFault | undefined => {
      const isMeant = into === 'vault' ? key.sk.startsWith('link#') : key.pk.startsWith(into)
      return isMeant && countdown >= 0 && countdown-- === 0 ? fault : undefined
    }
    const faults = { fault: (operation: string, key: Key) => (operation === 'insert' ? faultAt(key) : undefined) }
    const b = await bench({ entries: faults, vault: faults })
    await says(b, account.identity, 'given')
    await says(b, device.identity, 'refused')
    const wanted = draft()
    countdown = nth
    await expect(link(b, [device, account], wanted)).rejects.toMatchObject({ code: 'unavailable' })
    // What one side counts, the other counts.
    expect((await ask(b, account.identity)).links).toEqual((await ask(b, device.identity)).links)
    const { linkId } = await link(b, [device, account], wanted)
    for (const { identity } of [account, device]) {
      const { links, joint } = await ask(b, identity)
      expect(links).toMatchObject([{ linkId }])
      expect(joint).toMatchObject({ status: 'Withdrawn' })
    }
    countdown = into === 'vault' ? -1 : nth
    await end(b, device, linkId).catch(() => {})
    expect((await ask(b, account.identity)).links).toEqual((await ask(b, device.identity)).links)
    await end(b, device, linkId)
    expect((await ask(b, account.identity)).links).toEqual([])
    // Whatever was left half, the next link is whole.
    expect((await link(b)).stands).toBe(true)
    expect((await ask(b, device.identity)).links).toHaveLength(1)
  })
})

it('many at once make one link, and a withdrawal among them counts', async () => {
  const b = await bench()
  await says(b, account.identity, 'given')
  const links = Promise.all(Array.from({ length: 8 }, () => makeLink(b.ledger, b.snapshot, [device, account], draft())))
  const [made] = await Promise.all([links, says(b, device.identity, 'withdrawn')])
  expect(new Set(made.map(({ linkId }) => linkId)).size).toBe(1)
  expect((await ask(b, account.identity)).joint).toMatchObject({ status: 'Withdrawn' })
  expect((await ask(b, device.identity)).links).toHaveLength(1)
})

describe('an erasure of one side', () => {
  const reason = { ground: 'data-subject-request', scope: 'subject' } as const

  it.each([
    ['device', device, account],
    ['account', account, device],
  ] as const)('of the %s ends the link, and nothing that is left leads to it', async (_, erased, kept) => {
    const b = await bench()
    const scope = vaultScope(b.snapshot)
    await says(b, account.identity, 'given')
    await says(b, device.identity, 'refused')
    await link(b)
    const rowsOf = async (identity: Identity) => (await b.ledger.vault.query(vaultKey(scope, identity))).items
    expect((await rowsOf(kept.identity)).filter(({ sk }) => sk.startsWith('link#'))).toHaveLength(1)
    const gone = await subjectKeysForReading(b.ledger, scope, erased.identity)
    await eraseSubject(memoryEraser(b.ledger), scope, erased.identity, reason)
    expect((await rowsOf(kept.identity)).map(({ sk }) => sk)).toEqual(['subject'])
    const keys = await subjectKeysForReading(b.ledger, scope, kept.identity)
    const acts = keys ? await linkActsOf(b.ledger.entries, keys) : []
    expect(acts).toHaveLength(1)
    for (const name of [erased.identity.id, gone?.sub ?? '', vaultKey(scope, erased.identity)])
      expect(JSON.stringify(acts)).not.toContain(name)
    const left = await ask(b, kept.identity)
    expect({ links: left.links, joint: left.joint }).toEqual({ links: [], joint: undefined })
    // Who has the name afterwards is another subject, and was never linked.
    await says(b, erased.identity, 'given')
    expect((await ask(b, kept.identity)).links).toEqual([])
    expect((await link(b)).isNew).toBe(true)
    expect((await ask(b, kept.identity)).links).toHaveLength(1)
  })

  it('that comes between the keys and the rows makes the request fail', async () => {
    const b = await bench()
    const { vault } = b.ledger
    let isArmed = true
    const racing = {
      ...b.ledger,
      vault: {
        ...vault,
        async insert(items: Parameters<typeof vault.insert>[0]) {
          if (isArmed && items.some(({ sk }) => sk.startsWith('link#'))) {
            isArmed = false
            await eraseSubject(memoryEraser(b.ledger), vaultScope(b.snapshot), device.identity, reason)
          }
          return vault.insert(items)
        },
      },
    }
    await says(b, device.identity, 'given')
    const raced = makeLink(racing, b.snapshot, [device, account], draft())
    await expect(raced).rejects.toMatchObject({ code: 'unavailable' })
    expect((await ask(b, account.identity)).links).toEqual([])
    expect((await link(b)).isNew).toBe(true)
  })
})

it('the joint answer says until when nobody asks again, counted from the latest no of any of them', async () => {
  const b = await bench()
  const purposes = [purpose({ askAgainAfter: 'P30D' })]
  const changes = [{ purposeId: 'newsletter', level: 'minor' as const, reason: 'asks less' }]
  later(b)
  await publishVersion(b.ledger, 'acme', versionDraft({ version: '2', level: 'minor', purposes, changes }))
  const snapshot = (await b.ledger.controllers.current('acme')) ?? b.snapshot
  const patient = { ...b, snapshot }
  await says(patient, account.identity, 'refused')
  await says(patient, device.identity, 'refused')
  const latestNo = b.now.minutes
  await link(patient)
  const { alone, joint } = await ask(patient, account.identity)
  const thirtyDaysAfter = (minutes: number) =>
    new Date(Date.parse(start) + (minutes + 30 * 24 * 60) * 60_000).toISOString()
  expect(joint).toMatchObject({ status: 'Refused', notBefore: thirtyDaysAfter(latestNo) })
  expect(alone?.notBefore).toBe(thirtyDaysAfter(latestNo - 1))
  await says(patient, device.identity, 'given')
  expect((await ask(patient, account.identity)).joint?.notBefore).toBeUndefined()
})

it('the answer about one subject alone does not depend on its links', async () => {
  const b = await bench()
  await says(b, device.identity, 'given')
  await says(b, account.identity, 'refused')
  await link(b)
  const now = later(b)
  const asked = { at: now, knownAt: now, askedAt: now }
  const plain = await askStatuses(b.ledger, b.snapshot, device.identity, topics, asked)
  const { joint, ...alone } = await askStatusesWithJoint(b.ledger, b.snapshot, device.identity, topics, asked)
  expect(alone).toEqual(plain)
  expect(joint?.consents[0]).toMatchObject({ status: 'Withdrawn' })
})

describe('damaged keys of one side', () => {
  async function damaged(): Promise<{ b: Bench; linkId: string }> {
    const b = await bench()
    await says(b, account.identity, 'given')
    await says(b, device.identity, 'refused')
    const { linkId } = await link(b)
    const pk = vaultKey(vaultScope(b.snapshot), device.identity)
    const row = (await b.ledger.vault.query(pk)).items.find(({ sk }) => sk === 'subject')
    if (row === undefined) throw new Error('no row')
    b.ledger.vault.replace({ ...row, values: { ...row.values, sub: new Uint8Array(60) } })
    return { b, linkId }
  }

  it('stop no answer about the other, and may have said no', async () => {
    const { b, linkId } = await damaged()
    const { alone, joint, links } = await ask(b, account.identity)
    expect(alone).toMatchObject({ status: 'Given' })
    expect(links.map((each) => each.linkId)).toEqual([linkId])
    expect(joint).toMatchObject({ status: 'Undetermined', permittedByConsent: false })
  })

  it('do not keep the other from ending the link', async () => {
    const { b, linkId } = await damaged()
    expect((await end(b, account, linkId)).stands).toBe(false)
    expect((await ask(b, account.identity)).joint).toBeUndefined()
  })
})
