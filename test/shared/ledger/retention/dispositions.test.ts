/** What retention records of what it destroys: rows of the plan and of the manifest, after a crash too, and the manifest as a file. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Disposal } from '../../../../shared/consent/disposals.ts'
import { logPolicyText } from '../../../../shared/ledger/log/log-policy-text.ts'
import { applyRetentionToPage } from '../../../../shared/ledger/retention/apply-retention.ts'
import {
  closeInterrupted,
  openManifest,
  openPlan,
  planDisposition,
  recordDisposition,
} from '../../../../shared/ledger/retention/disposition-entries.ts'
import { dryRetentionJob } from '../../../../shared/ledger/retention/dry-vault.ts'
import { listDispositions } from '../../../../shared/ledger/retention/list-dispositions.ts'
import type { Item } from '../../../../shared/ledger/store.ts'
import { parsePolicy } from '../../../../shared/tlog/tlog-policy.ts'
import { inspectLeaf } from '../../../../shared/verify/log-leaves.ts'
import { verifyFile } from '../../../../shared/verify/verify.ts'
import {
  audited,
  type Bench,
  bench,
  checks,
  entriesIn,
  erase,
  holdOn,
  kim,
  lo,
  make,
  release,
  retain,
  said,
  valuesOf,
} from '../../../support/lapsing-ledger.ts'
import { checkpointSigner, witnessSigner } from '../../../support/memory-log-writer.ts'
import { memoryEraser, memoryRetainer } from '../../../support/memory-vault.ts'

const newsletter = { rule: 'evidence-term', term: 'P1Y', purposeId: 'newsletter' } as const
const statistics = { rule: 'evidence-term', term: 'P3Y', purposeId: 'statistics' } as const
const nothingLeft = { keys: 'subject', rule: 'nothing-left' } as const

const items = (b: Bench) => entriesIn(b, 'acme#disposition')
const plans = async (b: Bench) => (await items(b)).flatMap((item) => openPlan(b.scope, item) ?? [])
const manifests = async (b: Bench) => (await items(b)).flatMap((item) => openManifest(b.scope, item)?.manifest ?? [])

async function twoPeople(): Promise<Bench> {
  const b = await bench()
  await said(b, kim, '2024-06-15T10:20:00.000Z')
  await said(b, kim, '2025-06-15T10:20:00.000Z', 'statistics')
  await said(b, lo, '2024-06-15T10:20:00.000Z')
  return b
}

describe('a run', () => {
  it('records which keys of which year went by which term, of how many subjects', async () => {
    const b = await twoPeople()
    const at = '2025-12-31T23:00:00.000Z'
    await retain(b, at)
    const disposals: Disposal[] = [
      { keys: 'proof', year: 2024, ...newsletter, subjects: 2 },
      { ...nothingLeft, subjects: 1 },
    ]
    expect(await plans(b)).toEqual([{ number: 0, plannedAt: at, disposals }])
    expect(await manifests(b)).toEqual([{ number: 0, plannedAt: at, endedAt: at, outcome: 'carried-out', disposals }])
    await retain(b, '2026-02-01T00:00:00.000Z')
    await retain(b, '2028-06-15T11:00:00.001Z')
    expect((await manifests(b)).map((each) => each.disposals)).toEqual([
      disposals,
      [{ keys: 'context', year: 2025, rule: 'context-term', term: 'P90D', purposeId: 'statistics', subjects: 1 }],
      [
        { keys: 'proof', year: 2025, ...statistics, subjects: 1 },
        { ...nothingLeft, subjects: 1 },
      ],
    ])
    expect(await audited(b)).toMatchObject({ checks: [], compared: { dispositions: 3 } })
    // A run that destroys nothing leaves nothing.
    await retain(b, '2028-06-16T00:00:00.000Z')
    expect(await items(b)).toHaveLength(6)
  })

  it('that is dry says the same, and leaves nothing', async () => {
    const b = await twoPeople()
    b.ledger.setNow('2025-12-31T23:00:00.000Z')
    const { disposals } = await applyRetentionToPage(dryRetentionJob(memoryRetainer(b.ledger)))
    expect(await items(b)).toEqual([])
    expect(disposals).toEqual((await applyRetentionToPage(memoryRetainer(b.ledger))).disposals)
    expect(disposals.map(({ controller, subjects }) => [controller, subjects])).toEqual([
      ['acme', 2],
      ['acme', 1],
    ])
  })

  it('records a request that it carries out, and an erasure that it finishes', async () => {
    const b = await bench()
    await said(b, kim, '2024-06-15T10:20:00.000Z')
    const { holdId } = (await make(b, holdOn())).record
    await erase(b)
    await retain(b, '2025-06-15T10:30:00.000Z')
    expect(await items(b)).toEqual([])
    await release(b, holdId)
    const rows = (await b.ledger.vault.scan()).items
    await retain(b, '2025-06-15T10:40:00.000Z')
    await b.ledger.vault.insert(rows)
    await retain(b, '2025-06-15T10:50:00.000Z')
    expect((await manifests(b)).map((each) => each.disposals)).toEqual([
      [{ keys: 'subject', rule: 'erasure-requested', subjects: 1 }],
      [{ keys: 'subject', rule: 'erasure-unfinished', subjects: 1 }],
    ])
  })

  it('takes the context by the term of the version, sooner or later than 90 days', async () => {
    for (const [contextRetention, at] of [
      ['P7D', '2024-07-01T00:00:00.000Z'],
      ['P400D', '2025-07-21T00:00:00.000Z'],
    ] as const) {
      const b = await bench(undefined, { contextRetention })
      await said(b, kim, '2024-06-15T10:20:00.000Z', 'statistics')
      const due = at < '2025-01-02' ? '2025-01-02T00:00:00.001Z' : at
      const before = at < '2025-01-02' ? '2025-01-01T23:00:00.000Z' : '2025-07-20T00:00:00.000Z'
      await retain(b, before)
      expect(await valuesOf(b)).toEqual(['subject: context,controller,holder,proof,sub,year'])
      await retain(b, due)
      expect(await valuesOf(b)).toEqual(['subject: controller,holder,proof,sub,year'])
      expect((await manifests(b))[0]?.disposals).toMatchObject([{ keys: 'context', term: contextRetention }])
      expect(await checks(b)).toEqual([])
    }
  })
})

describe('a run that is cut short', () => {
  const at = '2025-12-31T23:00:00.000Z'

  it.each(['plan', 'vault', 'manifest'] as const)('at the %s loses no record', async (step) => {
    let isArmed = false
    const b = await bench((operation, { sk }) => {
      if (!isArmed || operation !== 'insert' || !sk.endsWith(`#${step}`)) return undefined
      isArmed = false
      return 'before'
    })
    await said(b, kim, '2024-06-15T10:20:00.000Z')
    await said(b, lo, '2024-06-15T10:20:00.000Z')
    isArmed = true
    const fault = () => {
      const strikes = isArmed && step === 'vault'
      if (strikes) isArmed = false
      return strikes ? 'after' : undefined
    }
    await expect(retain(b, at, fault)).rejects.toMatchObject({ code: 'unavailable' })
    if (step === 'plan') expect((await b.ledger.vault.scan()).items).toHaveLength(2)
    // Within an hour the run may still be under way.
    await retain(b, '2025-12-31T23:59:00.000Z')
    expect((await manifests(b)).map(({ outcome }) => outcome)).toEqual(step === 'plan' ? ['carried-out'] : [])
    // Another person's row keeps the controller known when nobody else is left.
    await said(b, { type: 'email', id: 'mo@example.org' }, '2026-01-01T00:00:00.000Z')
    await retain(b, '2026-01-01T00:00:00.000Z')
    const found = await manifests(b)
    const planned = (await plans(b)).map(({ number }) => number)
    expect(found.map(({ number }) => number)).toEqual(planned)
    const interrupted = found.filter(({ outcome }) => outcome === 'interrupted')
    expect(interrupted.map(({ disposals }) => disposals)).toEqual(
      step === 'plan'
        ? []
        : [
            [
              { keys: 'proof', year: 2024, ...newsletter, subjects: 2 },
              { ...nothingLeft, subjects: 2 },
            ],
          ],
    )
    expect(await checks(b)).toEqual([])
  })

  it('has its manifest made after any number of later ones', async () => {
    const b = await bench()
    const stores = memoryRetainer(b.ledger)
    await planDisposition(stores, b.scope, [{ ...nothingLeft, subjects: 1 }], '2025-12-31T22:00:00.000Z')
    for (let i = 0; i < 40; i++)
      await recordDisposition(stores, b.scope, await planDisposition(stores, b.scope, [], at), [], at)
    await closeInterrupted(stores, b.scope, at)
    expect((await manifests(b))[0]).toMatchObject({ number: 0, outcome: 'interrupted' })
  })

  it('twice at once, takes two numbers', async () => {
    const b = await twoPeople()
    b.ledger.setNow(at)
    await Promise.all([1, 2].map(() => applyRetentionToPage(memoryRetainer(b.ledger))))
    const numbers = (await manifests(b)).map(({ number }) => number)
    expect(numbers).toEqual([0, 1])
    expect(await checks(b)).toEqual([])
  })
})

it('a hold that is made between the plan and the destruction wins, and the manifest says what went', async () => {
  const b = await twoPeople()
  const before = await valuesOf(b)
  b.ledger.setNow('2025-12-31T23:00:00.000Z')
  const job = memoryRetainer(b.ledger)
  const entries = {
    ...job.entries,
    insert: async (inserted: readonly Item[]) => {
      const done = await job.entries.insert(inserted)
      if (inserted.some(({ sk }) => sk.endsWith('#plan')))
        await make(b, holdOn({ covers: { kind: 'before', before: '2024-06-16T00:00:00.000Z' } }))
      return done
    },
  }
  await applyRetentionToPage({ ...job, entries })
  expect(await valuesOf(b)).toEqual(before)
  expect((await plans(b))[0]?.disposals).toHaveLength(2)
  expect((await manifests(b)).map(({ outcome, disposals }) => [outcome, disposals])).toEqual([['carried-out', []]])
})

describe('holds that were read', () => {
  it('are relied on for half a minute: a run that is slower destroys nothing', async () => {
    const b = await twoPeople()
    const before = await valuesOf(b)
    b.ledger.setNow('2025-12-31T23:00:00.000Z')
    await applyRetentionToPage({ ...memoryRetainer(b.ledger), entries: slowTurns(b, '2025-12-31T23:00:30.000Z') })
    expect(await valuesOf(b)).toEqual(before)
    const slow = { ...memoryEraser(b.ledger), entries: slowTurns(b, '2025-12-31T23:01:00.000Z') }
    await expect(erase(b, kim, slow)).rejects.toMatchObject({ code: 'unavailable' })
    expect(await valuesOf(b)).toEqual(before)
    // A day later both are carried out.
    await retain(b, '2026-01-02T00:00:00.000Z')
    expect(await erase(b)).toMatchObject({ subjects: 1 })
  })

  it('may be as old as that, so a hold states from when it keeps all that it covers', async () => {
    const b = await twoPeople()
    const covers = { kind: 'purpose', purposeId: 'newsletter' } as const
    const draft = holdOn({ covers })
    b.ledger.setNow('2025-07-01T00:00:00.000Z')
    const first = await make(b, draft)
    expect(first.keepsAllFrom).toBe('2025-07-01T00:01:30.000Z')
    b.ledger.setNow('2025-07-02T00:00:00.000Z')
    expect((await make(b, draft)).keepsAllFrom).toBe(first.keepsAllFrom)
    // Its mark is inserted only now, as after a crash.
    b.ledger.entries.remove({ pk: 'acme#held', sk: draft.holdId })
    expect((await make(b, draft)).keepsAllFrom).toBe('2025-07-02T00:01:00.000Z')
  })

  function slowTurns(b: Bench, at: string) {
    const { entries } = b.ledger
    return {
      ...entries,
      insert: async (inserted: readonly Item[]) => {
        if (inserted.some(({ pk }) => pk.startsWith('acme#held#'))) b.ledger.setNow(at)
        return entries.insert(inserted)
      },
    }
  }
})

it('a manifest is a file that verifies offline, and any change of it does not', async () => {
  const b = await twoPeople()
  await retain(b, '2025-12-31T23:00:00.000Z')
  expect((await listDispositions(b.ledger, b.snapshot, { limit: 10 })).manifests[0]?.tlogProof).toBeUndefined()
  await audited(b)
  const { manifests: listed, next } = await listDispositions(b.ledger, b.snapshot, { limit: 10 })
  expect([listed.map(({ manifest }) => manifest), next]).toEqual([await manifests(b), undefined])
  const file = listed[0]?.tlogProof ?? ''
  const keys = {
    ...{ host: b.ledger.host, checkpointKey: checkpointSigner.publicKey },
    witnessKey: witnessSigner.publicKey,
  }
  const policy = parsePolicy(logPolicyText(keys, 'acme', 'https://ledger.example'))
  const result = await verifyFile(file, policy)
  expect([result.verdict, result.disclosed]).toEqual(['valid', { 'field:manifest': listed[0]?.manifest }])
  const extra = Buffer.from(/^extra (.*)$/m.exec(file)?.[1] ?? '', 'base64').toString()
  const { leaf, disclosures } = JSON.parse(extra)
  expect(inspectLeaf(Buffer.from(leaf))).toEqual({ kind: 'disposition' })
  const changed = Buffer.from(disclosures[0], 'base64url').toString().replace('"subjects":2', '"subjects":1')
  const forged = JSON.stringify({ leaf, disclosures: [Buffer.from(changed).toString('base64url')] })
  for (const other of [forged, JSON.stringify({ leaf, disclosures: [...disclosures, ...disclosures] })]) {
    const changedFile = file.replace(/^extra .*$/m, `extra ${Buffer.from(other).toString('base64')}`)
    expect((await verifyFile(changedFile, policy)).failed?.step).toBe('disclosures')
  }
})

it('manifests are listed newest first, page by page, with a plan that is still open between', async () => {
  const b = await bench()
  const years = [2024, 2025, 2026, 2027]
  for (const year of years) await said(b, kim, `${year}-06-15T10:20:00.000Z`)
  for (const year of years) await retain(b, `${year + 1}-12-31T00:00:00.000Z`)
  b.ledger.entries.remove((await items(b)).find(({ sk }) => sk === '0000000000000001#manifest') as Item)
  const found: number[] = []
  let after: number | undefined
  do {
    const page = await listDispositions(b.ledger, b.snapshot, { limit: 1, after })
    found.push(...page.manifests.map(({ manifest }) => manifest.number))
    after = page.next
  } while (after !== undefined)
  expect(found).toEqual([3, 2, 0])
})

/** What the manifests say went is what the vault lost, and a subject on hold loses nothing. */
it('manifests agree with the vault, whoever is held and whenever retention runs', async () => {
  const days = fc.nat({ max: 1_500 })
  const events = fc.array(
    fc.record({ day: days, who: fc.constantFrom(kim, lo), about: fc.constantFrom('newsletter', 'statistics') }),
    { minLength: 1, maxLength: 5 },
  )
  const runs = fc.array(fc.record({ gap: fc.nat({ max: 1_200 }), hold: fc.constantFrom('kim', 'purpose', 'none') }), {
    minLength: 1,
    maxLength: 3,
  })
  await fc.assert(
    fc.asyncProperty(events, runs, async (drawn, gaps) => {
      const b = await bench()
      const at = (day: number) => new Date(Date.UTC(2024, 0, 2, 10, 20) + day * 86_400_000).toISOString()
      const inOrder = drawn.toSorted((x, y) => x.day - y.day)
      for (const { day, who, about } of inOrder) await said(b, who, at(day), about)
      let now = inOrder.at(-1)?.day ?? 0
      for (const { gap, hold } of gaps) {
        now += gap
        b.ledger.setNow(at(now))
        const covers = { kind: 'purpose', purposeId: 'newsletter' } as const
        const made =
          hold === 'none'
            ? undefined
            : await make(b, hold === 'kim' ? holdOn() : holdOn({ covers })).catch(() => undefined)
        const [before, held] = [await keysLeft(b), hold === 'kim' && made ? await valuesOf(b) : undefined]
        const counted = await manifests(b)
        await retain(b, at(now))
        const after = await keysLeft(b)
        const rows = (await manifests(b)).slice(counted.length).flatMap(({ disposals }) => disposals)
        const sum = (keys: string) => rows.reduce((n, row) => n + (row.keys === keys ? row.subjects : 0), 0)
        expect([sum('proof'), sum('subject')]).toEqual([before.proof - after.proof, before.sub - after.sub])
        if (held) expect(await valuesOf(b)).toEqual(held)
        if (made) await release(b, made.record.holdId)
      }
      expect(await checks(b)).toEqual([])
    }),
    { numRuns: 12 },
  )

  async function keysLeft(b: Bench) {
    const { items: rows } = await b.ledger.vault.scan()
    const having = (name: string) => rows.filter(({ values }) => values[name] !== undefined).length
    return { proof: having('proof'), sub: having('sub') }
  }
})
