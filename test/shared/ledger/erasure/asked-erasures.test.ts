/** A person's request to be erased, on the model: its life as a table of steps, what retention does meanwhile, and that the self-audit agrees. */
import { describe, expect, it } from 'vitest'
import { askedPk, type RefusalGround } from '../../../../shared/ledger/erasure/asked-erasure-entries.ts'
import {
  type AskedErasure,
  askErasure,
  askedErasuresOf,
  grantErasure,
  listAskedErasures,
  refuseErasure,
} from '../../../../shared/ledger/erasure/asked-erasures.ts'
import { askingSubject, ownErasureRequests } from '../../../../shared/ledger/erasure/own-erasure-requests.ts'
import {
  type Bench,
  bench,
  checks,
  did,
  entriesIn,
  erasureClaims,
  holdOn,
  kim,
  lo,
  make,
  officer,
  openCount,
  release,
  retain,
  said,
} from '../../../support/lapsing-ledger.ts'

const dayMs = 86_400_000
const asksAt = '2024-03-31T10:00:00.000Z'

async function subOf({ ledger, scope }: Bench, identity = kim): Promise<string> {
  const subject = await askingSubject(ledger, scope, identity)
  if (subject === undefined) throw new Error('the ledger does not know the person')
  return subject.sub
}

/** The steps of which the lives below are made. */
const steps = {
  ask: async (b: Bench) => (await askErasure(b.ledger, b.scope, await subOf(b))).isNew,
  refuse: async (b: Bench, ground: RefusalGround = 'legal-obligation') =>
    refuseErasure(b.ledger, b.scope, await lastId(b), ground, officer),
  grant: async (b: Bench) => grantErasure(b.ledger, b.scope, await lastId(b), officer),
  hold: async (b: Bench) => {
    holdIds.set(b, (await make(b, holdOn())).record.holdId)
  },
  release: (b: Bench) => release(b, holdIds.get(b) ?? ''),
  retain: (b: Bench) => retain(b, new Date(b.ledger.clock()).toISOString()),
  'a day passes': async (b: Bench) => b.ledger.setNow(new Date(b.ledger.clock() + dayMs).toISOString()),
} as const
const holdIds = new WeakMap<Bench, string>()

const lastId = async (b: Bench) =>
  (await askedErasuresOf(b.ledger.entries, b.scope, await subOf(b))).at(-1)?.requestId ?? ''

async function live(life: readonly (keyof typeof steps)[]): Promise<Bench> {
  const b = await bench()
  await said(b, kim, '2024-03-01T10:00:00.000Z')
  b.ledger.setNow(asksAt)
  for (const step of life) await steps[step](b)
  return b
}

const codeOf = (done: Promise<unknown>) =>
  done.then(
    () => 'done',
    ({ code }) => code,
  )

describe('the life of a request', () => {
  const lives: [life: (keyof typeof steps)[], own: string, controllers: AskedErasure['state'][]][] = [
    [['ask'], 'open', ['open']],
    [['ask', 'ask'], 'open', ['open']],
    [['ask', 'hold'], 'held', ['open']],
    [['ask', 'hold', 'release'], 'open', ['open']],
    [['ask', 'retain'], 'open', ['open']],
    [['ask', 'refuse'], 'refused', ['refused']],
    [['ask', 'refuse', 'hold'], 'refused', ['refused']],
    [['ask', 'refuse', 'a day passes', 'ask'], 'open', ['refused', 'open']],
    [['ask', 'refuse', 'a day passes', 'ask', 'grant'], 'granted', ['refused', 'granted']],
    [['ask', 'grant'], 'granted', ['granted']],
    [['ask', 'grant', 'grant'], 'granted', ['granted']],
    [['ask', 'grant', 'hold'], 'held', ['granted']],
    [['ask', 'hold', 'grant', 'retain'], 'held', ['granted']],
    [['ask', 'hold', 'grant', 'retain', 'release', 'retain'], 'unknown', ['done']],
    [['ask', 'grant', 'retain'], 'unknown', ['done']],
  ]
  it.each(lives)('%j', async (life, own, controllers) => {
    const b = await live(life)
    const seen = await ownErasureRequests(b.ledger, b.scope, kim)
    expect(seen.at(-1)?.state ?? 'unknown').toBe(own)
    expect(await ownErasureRequests(b.ledger, b.scope, lo)).toEqual([])
    const { requests } = await listAskedErasures(b.ledger.entries, b.scope, { limit: 9 })
    expect(requests.map(({ state }) => state)).toEqual(controllers)
    expect(await openCount(b)).toBe(own === 'unknown' ? 0 : 1)
    expect(await checks(b)).toEqual([])
  })

  it('is answered by the last day of a month that is a day shorter', async () => {
    const [request] = await ownErasureRequests(...(await ownOf(await live(['ask']))))
    expect(request).toMatchObject({ requestedAt: asksAt, answerBy: '2024-04-30T10:00:00.000Z' })
  })

  it('is answered once: nothing after an answer changes it', async () => {
    const refused = await live(['ask', 'refuse'])
    expect(await codeOf(steps.refuse(refused))).toBe('done')
    expect(await codeOf(steps.refuse(refused, 'archiving'))).toBe('already-exists')
    expect(await codeOf(steps.grant(refused))).toBe('already-exists')
    expect(await codeOf(steps.ask(refused))).toBe('rate-limited')
    const granted = await live(['ask', 'grant'])
    expect(await codeOf(steps.refuse(granted))).toBe('already-exists')
    expect(
      await codeOf(refuseErasure(granted.ledger, granted.scope, `${'x'.repeat(43)}.0`, 'archiving', officer)),
    ).toBe('not-found')
  })

  it('tells a ground of a hold, and never that there is an order', async () => {
    const b = await live(['ask'])
    await make(b, holdOn({ until: '2030-01-01T00:00:00.000Z' }))
    await make(b, holdOn({ ground: 'order' }))
    const [request] = await ownErasureRequests(...(await ownOf(b)))
    const byGround = [...(request?.held ?? [])].sort((one) => (one.ground === undefined ? 1 : -1))
    expect(byGround).toEqual([{ ground: 'legal-claim', until: '2030-01-01T00:00:00.000Z' }, {}])
  })
})

const ownOf = async ({ ledger, scope }: Bench) => [ledger, scope, kim] as const

describe('retention', () => {
  it.each([
    ['destroys nothing of a person whose request is open', ['ask'], 1],
    ['goes on when the request was refused', ['ask', 'refuse'], 0],
  ] as const)('%s', async (_, life, left) => {
    const b = await live(life)
    await retain(b, '2040-01-01T00:00:00.000Z')
    await said(b, lo, '2040-01-01T00:00:00.000Z')
    await retain(b, '2040-01-02T00:00:00.000Z')
    expect(await openCount(b)).toBe(left)
    expect(await checks(b)).toEqual([])
  })

  it('carries out what was granted in the name of who granted it', async () => {
    const b = await live(['ask', 'grant'])
    expect(did(await retain(b, '2024-04-01T00:00:00.000Z'))).toEqual({ subjects: 1, erased: 1 })
    const [entry] = await entriesIn(b, 'acme#erased')
    expect(erasureClaims(b, entry)).toContainEqual(['field:actor', officer])
  })
})

it('the list has a page of whole people, each request once', async () => {
  const b = await live(['ask', 'refuse', 'a day passes', 'ask'])
  await said(b, lo, '2024-05-01T10:00:00.000Z')
  await askErasure(b.ledger, b.scope, await subOf(b, lo))
  const found: string[] = []
  for (let after: string | undefined, pages = 0; pages < 5; pages++) {
    const { requests, next } = await listAskedErasures(b.ledger.entries, b.scope, { limit: 2, after })
    found.push(...requests.map(({ requestId }) => requestId))
    after = next
    if (next === undefined) break
  }
  expect(new Set(found).size).toBe(3)
  expect(found).toHaveLength(3)
  expect(await entriesIn(b, askedPk('acme'))).toHaveLength(4)
})

it('of a grant and a refusal at once one counts, and only a grant is carried out', async () => {
  const b = await live(['ask'])
  const [granted, refused] = await Promise.allSettled([steps.grant(b), steps.refuse(b)])
  expect([granted.status, refused.status].sort()).toEqual(['fulfilled', 'rejected'])
  const [{ state } = { state: '' }] = await askedErasuresOf(b.ledger.entries, b.scope, await subOf(b))
  expect(state).toBe(granted.status === 'fulfilled' ? 'granted' : 'refused')
  expect(await entriesIn(b, 'acme#requested')).toHaveLength(state === 'granted' ? 1 : 0)
  expect(await checks(b)).toEqual([])
})

it('of two who ask at once one is recorded, and both get it', async () => {
  const b = await live([])
  const sub = await subOf(b)
  const both = await Promise.all([askErasure(b.ledger, b.scope, sub), askErasure(b.ledger, b.scope, sub)])
  expect(both.map(({ isNew }) => isNew).sort()).toEqual([false, true])
  expect(both.map(({ asked }) => asked.length)).toEqual([1, 1])
})
