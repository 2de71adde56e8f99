/**
 * A pass of several runs finds what one in one go finds, wherever its runs end, in however many slices, and whatever is written between
 * them. Its position holds no name of the vault, and a log that was forked behind it is named. However many subjects are erased meanwhile, none of them
 * is called lost.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodePosition, encodePosition, type SharePosition } from '../../../../shared/ledger/audit/audit-position.ts'
import { type Finding, isFaultSeverity } from '../../../../shared/ledger/audit/findings.ts'
import { newPass, type Part, type PassState, shareOf } from '../../../../shared/ledger/audit/pass-state.ts'
import { beginPass, endPart, walkShare } from '../../../../shared/ledger/audit/self-audit.ts'
import { setDifference } from '../../../../shared/ledger/audit/set-difference.ts'
import { claimsPk } from '../../../../shared/ledger/controllers/provider-claims.ts'
import { eraseSubject } from '../../../../shared/ledger/erasure/erase-subject.ts'
import { numberSk } from '../../../../shared/ledger/log/log-items.ts'
import { recordEvents } from '../../../../shared/ledger/recording/record-events.ts'
import { vaultScope } from '../../../../shared/ledger/vault/subject-keys.ts'
import { submission } from '../../../support/memory-ledger.ts'
import { memoryEraser } from '../../../support/memory-vault.ts'
import { checksOf, findingsOf, findingsOfRuns, openDrill } from './drill.ts'
import {
  allOf,
  batchesIn,
  change,
  type Drill,
  eventsIn,
  flipped,
  found,
  identityOf,
  oneRead,
  oneReadRow,
  rowOf,
  vaultRow,
} from './drill-items.ts'

const textOf = (findings: readonly Finding[]) =>
  findings
    .filter(({ severity }) => isFaultSeverity(severity))
    .map((finding) => JSON.stringify(finding))
    .sort()

/** One of nearly each part; any of them can be done without the others. */
const damages: readonly ((d: Drill) => unknown)[] = [
  async (d) => change(d.entries, await event(d, 0), ({ payload }) => ({ payload: flipped(payload, 20) })),
  async (d) => d.entries.remove(await event(d, 1)),
  async (d) => change(d.entries, await oneRead(d), () => ({ reader: 'nobody' })),
  (d) => d.vault.remove(vaultRow(d, 3)),
  (d) => d.vault.remove(vaultRow(d, 4)),
  (d) => change(d.vault, vaultRow(d, 5), ({ proof }) => ({ proof: flipped(proof, 20) })),
  async (d) => change(d.log, await rowOf(d, 40), () => ({ index: 41 })),
  async (d) => d.log.remove(await rowOf(d, 60)),
  async (d) => change(d.log, found((await batchesIn(d))[4]), ({ root }) => ({ root: flipped(root, 3) })),
  (d) => d.objects.delete('log/acme/tile/0/000'),
  (d) => d.entries.insert([{ pk: 'acme#what', sk: 'x', values: { leaf: '{}', hour: '2026-11-22T10' } }]),
]

const event = async (d: Drill, at: number) => found((await eventsIn(d))[at])

async function damageMuch(d: Drill): Promise<void> {
  for (const damage of damages) await damage(d)
}

it('finds the same with any damage, wherever its runs end, in any number of shares', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.subarray([...damages], { minLength: 1 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 4 }),
      async (chosen, [first = 1, ...others], slices, of) => {
        const d = await openDrill()
        for (const damage of chosen) await damage(d)
        const atOnce = textOf(await findingsOf(d.audited))
        expect(textOf(await findingsOfRuns(d.audited, [first, ...others], slices, undefined, of))).toEqual(atOnce)
        expect(atOnce.length).toBeGreaterThan(0)
      },
    ),
    { numRuns: 4, examples: [[[...damages], [2], 5, 3]] },
  )
})

/** More than the difference of the pass can name. */
const erasedMeanwhile = Array.from({ length: 27 }, (_, person) => person)

it.each([
  ['none is lost', [], []],
  ['one is lost', [28], ['unexplained-loss error']],
  ['all others are lost', [27, 28, 29], ['unexplained-loss error']],
])('tells those that were erased during a pass from those that were lost: %s', async (_, lost, expected) => {
  const d = await openDrill()
  const checks = await findingsWithSmallDifference(d, async () => {
    await erase(d, erasedMeanwhile)
    for (const person of lost) d.vault.remove(vaultRow(d, person))
  })
  expect([...new Set(checks)]).toEqual(expected)
})

it('takes no mark of an erasure for an erasure', async () => {
  const d = await openDrill()
  const owners = new Set((await eventsIn(d)).map(({ pk }) => pk))
  const checks = await findingsWithSmallDifference(d, async () => {
    await d.entries.insert([...owners].map((owner) => ({ pk: '#erased#2026-11-22', sk: owner, values: {} })))
    for (let person = 0; person < 29; person++) d.vault.remove(vaultRow(d, person))
  })
  expect(checks).toContain('unexplained-loss error')
})

it('judges no subject when it cannot tell the erased from the lost, and the next pass finds it', async () => {
  const d = await openDrill()
  await erase(d, [0, 1, 2])
  const meanwhile = async () => {
    await erase(d, erasedMeanwhile.slice(3))
    d.vault.remove(vaultRow(d, 28))
  }
  expect(await findingsWithSmallDifference(d, meanwhile, 3)).toEqual(['subjects-undecided pending'])
  expect(await d.checks()).toContain('unexplained-loss error')
})

async function erase(d: Drill, persons: readonly number[]): Promise<void> {
  const scope = vaultScope(d.snapshot)
  for (const person of persons)
    await eraseSubject(memoryEraser(d.ledger), scope, identityOf(person), { ground: 'order', scope: 'subject' })
}

/**
 * The findings about subjects of a pass whose difference names some twenty of them.
 *
 * @param meanwhile is called after the entries were walked, and before the vault is
 */
async function findingsWithSmallDifference(
  d: Drill,
  meanwhile: () => Promise<void>,
  cellCount = 30,
): Promise<string[]> {
  const checks: string[] = []
  const report = ({ check, severity }: Finding) => {
    if (check === 'unexplained-loss' || check === 'subjects-undecided') checks.push(`${check} ${severity}`)
  }
  const begun = await beginPass(d.audited)
  let pass: PassState = { ...begun, subjects: setDifference({ cellCount, elementBytes: 84 }, begun.key) }
  while (pass.part !== 'done') {
    const share = shareOf(pass, 0)
    await walkShare(d.audited, share, { report, mayGoOn: () => true })
    pass = await endPart(d.audited, pass, [share], { report })
    if (share.part === 'entries') await meanwhile()
  }
  return checks
}

it.each([false, true])('is not misled by what is written between its runs (damaged: %s)', async (isDamaged) => {
  const d = await openDrill()
  if (isDamaged) await damageMuch(d)
  const before = textOf(await findingsOf(d.audited))
  let round = 0
  const write = async () => {
    d.ledger.setNow(`2026-11-22T14:${String(++round).padStart(2, '0')}:00.000Z`)
    const ids = [`${round}-1`, `${round}-2`]
    await recordEvents(
      d.ledger,
      d.snapshot,
      ids.map((id) => submission({ eventId: id }, { identity: { type: 'device', id } })),
    )
    // A log whose last batch is damaged is not extended.
    if (round % 2 === 0 && !isDamaged) await d.settle()
  }
  const after = textOf(await findingsOfRuns(d.audited, 5, 3, write))
  expect(round).toBeGreaterThan(4)
  expect(after).toEqual(before)
})

it('asks for the reads of those subjects only that have some', async () => {
  const d = await openDrill()
  const asked: string[] = []
  const query: typeof d.entries.query = (pk, ...range) => {
    if (pk.startsWith('acme#read#')) asked.push(pk)
    return d.audited.entries.query(pk, ...range)
  }
  await findingsOf({ ...d.audited, entries: { ...d.audited.entries, query } })
  expect(asked).toEqual([(await oneReadRow(d)).pk])
})

it('goes on with a controller that lost its claim, which only entries name', async () => {
  const d = await openDrill()
  for (const item of await allOf(d.entries)) if (item.pk === claimsPk) d.entries.remove(item)
  await change(d.log, found((await batchesIn(d))[4]), ({ root }) => ({ root: flipped(root, 3) }))
  const atOnce = await findingsOf(d.audited)
  expect(checksOf(atOnce)).toEqual(['batch-root error', 'claim-missing error'])
  expect(textOf(await findingsOfRuns(d.audited, 2, 5))).toEqual(textOf(atOnce))
})

it('reads the tables in as many slices when the last batch of a log cannot be read', async () => {
  const d = await openDrill()
  const last = found((await batchesIn(d)).at(-1))
  const far = { ...last, sk: numberSk(1_000_000), values: { ...last.values, entries: 'damaged' } }
  await d.log.insert([far])
  expect((await beginPass(d.audited)).slices).toBe(50)
})

/** A share of the part, before it is walked. */
async function shareOfPart(d: Drill, part: Part): Promise<PassState> {
  const options = { report: () => {}, mayGoOn: () => true }
  let pass = await beginPass(d.audited)
  pass.slices = 4
  for (let share = shareOf(pass, 0); pass.part !== part; share = shareOf(pass, 0)) {
    await walkShare(d.audited, share, options)
    pass = await endPart(d.audited, pass, [share], options)
  }
  return shareOf(pass, 0)
}

it('names a log that was written again behind its position', async () => {
  const d = await openDrill()
  const findings: Finding[] = []
  const report = (finding: Finding) => findings.push(finding)
  const share = await shareOfPart(d, 'log')
  let asked = 0
  // Until some batches are behind it.
  await walkShare(d.audited, share, { report, mayGoOn: () => asked++ < 4 })
  expect(share.log.walk?.end).toBeGreaterThan(0)
  expect(findings).toEqual([])
  const last = found((await batchesIn(d)).filter(({ sk }) => Number(sk) < Number(share.log.walk?.end)).at(-1))
  await change(d.log, last, ({ root }) => ({ root: flipped(root, 3) }))
  await walkShare(d.audited, share, { report, mayGoOn: () => true })
  expect(findings.map(({ check }) => check)).toEqual(['verified-differs'])
})

it('has a position without names of the vault, which is what it was after it was stored', async () => {
  const d = await openDrill()
  const share = await shareOfPart(d, 'rows')
  await walkShare(d.audited, share, { report: () => {}, mayGoOn: () => share.walk.slice < 2 })
  const bytes = encodePosition({ share, isWalked: false, findings: { 'acme tile-missing': 2 } })
  const again = decodePosition<SharePosition>(bytes)
  expect(encodePosition(again)).toEqual(bytes)
  expect(again.share.holders).toEqual(share.holders)
  expect(again.share.holders.size).toBeGreaterThan(0)
  const text = JSON.stringify({ ...again, holders: [...again.share.holders], walk: again.share.walk })
  for (const { pk } of await allOf(d.vault)) expect(text).not.toContain(pk)
  expect(() => decodePosition(Buffer.from('x'))).toThrow()
})

it('has a position that is small when little was found', () => {
  const pass = newPass(0, (count) => new Uint8Array(count))
  expect(encodePosition({ pass, findings: {}, last: undefined, sinceMs: 0, isTold: false }).length).toBeLessThan(50_000)
})
