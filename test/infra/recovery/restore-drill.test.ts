/** The drill of a restore over a model of DynamoDB's recovery: each step is done, checked and reported, and the ledger's tables stay as they are. */
import { describe, expect, it } from 'vitest'
import type { TableRecovery } from '../../../functions/aws/table-recovery.ts'
import { type AuditOutcome, restoreDrill } from '../../../infra/recovery/restore-drill.ts'

interface ModelTable {
  items: number
  policy?: string
  isStreamed: boolean
  isProtected: boolean
  restoredTo?: number
  window: { isOn: boolean; earliest?: number; latest?: number }
  /** How often it is described before it is active. */
  creating: number
}

const insertOnly = '{"Statement":[{"Effect":"Deny","Action":["dynamodb:PutItem"]}]}'
const made = (changes: Partial<ModelTable> = {}): ModelTable => ({
  ...{ items: 10, policy: insertOnly, isStreamed: true, isProtected: true, creating: 0 },
  ...{ window: { isOn: true, earliest: 1_000, latest: 9_000 }, ...changes },
})
const names = { entries: 'entries', log: 'log' }
const clean: AuditOutcome = { clean: true, counts: {} }

interface Situation {
  readonly tables?: Record<string, ModelTable>
  readonly audit?: AuditOutcome
  /** Changes a call of the port. */
  readonly broken?: (tables: Map<string, ModelTable>) => Partial<TableRecovery>
  readonly options?: { at?: number; isDryRun?: boolean }
}

function modelOf({ tables = {}, broken }: Situation) {
  const stored = new Map(Object.entries({ entries: made(), log: made({ isStreamed: false, items: 7 }), ...tables }))
  const changed: string[] = []
  const table = (name: string): ModelTable => {
    const found = stored.get(name)
    if (found === undefined) throw new Error(`no ${name}`)
    return found
  }
  const named = (arn: string) => arn.slice('arn:'.length)
  const recovery: TableRecovery = {
    async describe(name) {
      const found = stored.get(name)
      if (found === undefined) return undefined
      const { isStreamed, isProtected, restoredTo } = found
      const facts = { isStreamed, isProtected, ...(restoredTo !== undefined && { restoredTo }) }
      const status = found.creating-- > 0 ? 'CREATING' : 'ACTIVE'
      return { arn: `arn:${name}`, status, ...facts }
    },
    window: async (name) => table(name).window,
    async restore(source, target, at) {
      changed.push(`${target} at ${at}`)
      const window = { isOn: false }
      const { items } = table(source)
      stored.set(target, { items, isStreamed: false, isProtected: false, creating: 2, window, restoredTo: at })
    },
    policy: async (arn) => table(named(arn)).policy,
    async setPolicy(arn, policy) {
      changed.push(named(arn))
      // With other spaces, as a service may store it.
      table(named(arn)).policy = JSON.stringify(JSON.parse(policy), null, 1)
    },
    async recover(name) {
      changed.push(name)
      table(name).window = { isOn: true }
    },
    async protect(name) {
      changed.push(name)
      table(name).isProtected = true
    },
    async stream(name) {
      changed.push(name)
      table(name).isStreamed = true
    },
    count: async (name) => table(name).items,
    ...broken?.(stored),
  }
  return { recovery, changed, stored }
}

async function drill(situation: Situation = {}) {
  const { recovery, changed, stored } = modelOf(situation)
  const audited: object[] = []
  const audit = async (of: object) => {
    audited.push(of)
    return situation.audit ?? clean
  }
  const deps = { recovery, audit, sleep: async () => undefined, progress: () => undefined }
  const { at, isDryRun = false } = situation.options ?? {}
  const reports = await restoreDrill(deps, { source: names, prefix: 'r-', isDryRun, ...(at !== undefined && { at }) })
  return {
    reports,
    changed,
    stored,
    audited,
    again: () => restoreDrill(deps, { source: names, prefix: 'r-', isDryRun }),
  }
}

const steps = ['source', 'window', 'restore', 'guard', 'counts', 'audit', 'switch']

describe('a drill', () => {
  it('restores both tables to one instant, makes them insert-only, and says that they may serve', async () => {
    const { reports, changed, stored, audited } = await drill()
    expect(reports.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual(steps.map((step) => `${step} ok`))
    expect(changed.filter((each) => each.includes(' at '))).toEqual(['r-entries at 9000', 'r-log at 9000'])
    for (const name of ['r-entries', 'r-log']) {
      expect(JSON.parse(stored.get(name)?.policy ?? '')).toEqual(JSON.parse(insertOnly))
      expect(stored.get(name)).toMatchObject({ isProtected: true, window: { isOn: true } })
    }
    expect([stored.get('r-entries')?.isStreamed, stored.get('r-log')?.isStreamed]).toEqual([true, false])
    expect(audited).toEqual([{ entries: 'r-entries', log: 'r-log' }])
    expect(reports.at(-1)?.says).toContain('only if nothing was written since 1970-01-01T00:00:09.000Z')
  })

  it('changes nothing of the ledger’s own tables', async () => {
    const { changed, stored } = await drill()
    expect(changed.filter((each) => !each.startsWith('r-'))).toEqual([])
    expect(stored.get('entries')).toEqual(made({ creating: -1 }))
  })

  it('that is dry makes nothing, audits nothing, and says what it would do', async () => {
    const { reports, changed, audited } = await drill({ options: { isDryRun: true } })
    expect(reports.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'would', 'would', 'would', 'would', 'would'])
    expect([changed, audited]).toEqual([[], []])
  })

  it('goes on from where it was, and restores nothing twice', async () => {
    const { changed, again } = await drill({ audit: { clean: false, counts: { 'entry-missing error': 1 } } })
    const before = changed.length
    const reports = await again()
    expect(changed.slice(before).filter((each) => each.includes(' at '))).toEqual([])
    expect(reports[0]?.says).toContain('r-entries and r-log are there already')
    expect(reports[1]?.says).toBe('both are copies of 1970-01-01T00:00:09.000Z')
  })

  it('goes on where the service keeps whole seconds of an instant', async () => {
    const window = { isOn: true, earliest: 1_000, latest: 9_010 }
    const restore = (stored: Map<string, ModelTable>) => async (source: string, target: string, at: number) => {
      const restoredTo = Math.floor(at / 1_000) * 1_000
      stored.set(target, made({ items: stored.get(source)?.items ?? 0, creating: 2, restoredTo }))
    }
    const tables = { entries: made({ window }), log: made({ window }) }
    const { reports, again } = await drill({ tables, broken: (stored) => ({ restore: restore(stored) }) })
    expect(reports[1]?.says).toBe('both can be restored to 1970-01-01T00:00:09.000Z')
    expect((await again()).at(-1)).toMatchObject({ step: 'switch', outcome: 'ok' })
    expect((await drill({ tables, options: { at: 5_000 } })).changed).toContain('r-log at 5000')
  })

  it('restores the second table to the instant of a first that is there', async () => {
    const first = made({ restoredTo: 4_000, window: { isOn: false } })
    const { changed } = await drill({ tables: { 'r-entries': first } })
    expect(changed.filter((each) => each.includes(' at '))).toEqual(['r-log at 4000'])
  })

  it.each<[string, Situation, string, string]>([
    [
      'a copy of another instant than is asked for',
      { tables: { 'r-log': made({ restoredTo: 4_000 }) }, options: { at: 5_000 } },
      'window',
      'not copies of this one instant',
    ],
    [
      'copies of two instants',
      { tables: { 'r-log': made({ restoredTo: 4_000 }), 'r-entries': made({ restoredTo: 5_000 }) } },
      'window',
      'not copies of this one instant',
    ],
    ['a table that no restore made', { tables: { 'r-log': made() } }, 'window', 'not copies of this one instant'],
    [
      'a table that is not there',
      { broken: () => ({ describe: async () => undefined }) },
      'source',
      'there is no table entries',
    ],
    ['recovery that is off', { tables: { log: made({ window: { isOn: false } }) } }, 'window', 'recovery is off'],
    ['recovery that is too young', { tables: { log: made({ window: { isOn: true } }) } }, 'window', 'too young'],
    ['an instant before the window', { options: { at: 999 } }, 'window', 'is not between'],
    [
      'an instant after the window of one',
      { tables: { log: made({ window: { isOn: true, earliest: 0, latest: 5 } }) }, options: { at: 6 } },
      'window',
      'is not between',
    ],
    [
      'a source that can be overwritten',
      {
        tables: {
          log: {
            items: 7,
            isStreamed: false,
            isProtected: true,
            creating: 0,
            window: { isOn: true, earliest: 0, latest: 9_000 },
          },
        },
      },
      'guard',
      'nothing makes it insert-only',
    ],
    [
      'a policy that does not take',
      { broken: () => ({ setPolicy: async () => undefined }) },
      'guard',
      'the policy of r-entries is not',
    ],
    ['protection that does not take', { broken: () => ({ protect: async () => undefined }) }, 'guard', 'not protected'],
    ['a stream that does not take', { broken: () => ({ stream: async () => undefined }) }, 'guard', 'no stream'],
    [
      'a restore that never ends',
      { broken: (tables) => ({ restore: async (_, target) => void tables.set(target, made({ creating: 1e9 })) }) },
      'restore',
      'not active after six hours',
    ],
    [
      'items that are missing now',
      {
        broken: (tables) => ({ count: async (name) => (name.startsWith('r-') ? 11 : (tables.get(name)?.items ?? 0)) }),
      },
      'counts',
      'items are missing now',
    ],
    [
      'an empty copy',
      { broken: () => ({ count: async (name) => (name.startsWith('r-') ? 0 : 10) }) },
      'counts',
      'is empty',
    ],
    [
      'a log older than a checkpoint',
      { audit: { clean: false, counts: { 'checkpoint-beyond-log error': 2 } } },
      'audit',
      'must never serve',
    ],
    [
      'any other finding',
      { audit: { clean: false, counts: { 'entry-changed error': 1 } } },
      'audit',
      'entry-changed error 1',
    ],
  ])('stops at %s', async (_, situation, step, says) => {
    const { reports } = await drill(situation)
    expect(reports.at(-1)).toMatchObject({ step, outcome: 'failed', says: expect.stringContaining(says) })
    expect(reports.map((each) => each.step)).toEqual(steps.slice(0, steps.indexOf(step) + 1))
  })

  it('does not hide an error of the service', async () => {
    const broken = () => ({ window: () => Promise.reject(new Error('throttled')) })
    await expect(drill({ broken })).rejects.toThrow('throttled')
  })
})
