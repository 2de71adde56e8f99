/** The state tables of shared/consent/README.md, held against the fold. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { operatorVerbs, type Verb } from '../../../shared/consent/event.ts'
import type { FoldEvent } from '../../../shared/consent/status-answer.ts'
import { ask, byOperator, event, historyOf, policyId, purpose, purposeId, version } from './scenario.ts'

const readme = readFileSync(new URL('../../../shared/consent/README.md', import.meta.url), 'utf8')

/** Rows of the first table below a heading, by status, and its verbs. */
function tableBelow(heading: string): { verbs: string[]; rows: [string, string[]][] } {
  const [head = [], , ...rows] =
    readme
      .slice(readme.indexOf(`\n### ${heading}\n`))
      .split('\n\n')
      .find((part) => part.startsWith('|'))
      ?.split('\n')
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      ) ?? []
  return { verbs: head.slice(1), rows: rows.map(([status = '', ...cells]) => [status, cells]) }
}

const nos: readonly Verb[] = ['refused', 'withdrawn', 'objected', 'declined']
const decided = (verb: Verb, on: number, about: string): FoldEvent =>
  event(`e${on}`, verb, on, { about, ...(operatorVerbs.some((v) => v === verb) ? byOperator : {}) })

interface Case {
  readonly heading: string
  readonly about: string
  readonly history: (status: string) => ReturnType<typeof historyOf>
  /** Verbs that lead to each status. */
  readonly paths: Readonly<Record<string, readonly Verb[]>>
}

const cases: readonly Case[] = [
  {
    heading: 'Purposes that rest on consent',
    about: purposeId,
    history: (status) =>
      historyOf([version('v1', 0, { purposes: [purpose({ validity: status === 'Expired' ? 'P10D' : 'P1Y' })] })]),
    paths: {
      Unknown: [],
      Requested: ['requested'],
      RequestDeferred: ['deferred'],
      Refused: ['refused'],
      Given: ['given'],
      RenewedGiven: ['given', 'given'],
      Withdrawn: ['given', 'withdrawn'],
      Expired: ['given'],
      Revoked: ['given', 'revoked'],
      Invalidated: ['given', 'invalidated'],
    },
  },
  {
    heading: 'Other bases',
    about: purposeId,
    history: () => historyOf([version('v1', 0, { purposes: [purpose({ legalBasis: 'legitimate-interest' })] })]),
    paths: {
      Uninformed: [],
      Informed: ['requested'],
      Objected: ['objected'],
      NotObjected: ['objected', 'objection-withdrawn'],
    },
  },
  {
    heading: 'Policies as a whole',
    about: 'policy',
    history: () => historyOf([version('v1', 0, { kind: 'terms' })]),
    paths: {
      Unknown: [],
      Shown: ['requested'],
      Acknowledged: ['acknowledged'],
      Accepted: ['accepted'],
      Declined: ['declined'],
    },
  },
]

describe.each(cases)('$heading', ({ heading, about, history, paths }) => {
  const { verbs, rows } = tableBelow(heading)
  const question = about === 'policy' ? { policyId } : { purposeId }

  it('has every status', () => {
    expect(rows.map(([status]) => status)).toEqual(Object.keys(paths))
  })

  it.each(rows)('%s', (status, cells) => {
    const before = (paths[status] ?? []).map((verb, i) => decided(verb, i + 1, about))
    expect(ask(history(status), before, 20, question).status).toBe(status)
    expect(cells).toHaveLength(verbs.length)
    verbs.forEach((column, i) => {
      for (const verb of column === 'no' ? nos : [column as Verb]) {
        const after = ask(history(status), [...before, decided(verb, 20, about)], 20, question).status
        expect([verb, after]).toEqual([verb, cells[i] === '–' ? status : cells[i]])
      }
    })
  })
})
