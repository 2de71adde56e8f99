/**
 * The runbook stays true to the code as far as a machine can tell: each alarm has its section and its row, links lead somewhere, queries
 * name lines that functions write, shell parses, and the service control policy guards what it claims to. Its commands for AWS never ran.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lambdaNames } from '../infra/lambda-names.ts'
import { auditChecks } from '../shared/ledger/audit/findings.ts'

const root = join(import.meta.dirname, '..')
const text = readFileSync(join(root, 'infra/runbook.md'), 'utf8')
const source = (path: string) => readFileSync(join(root, path), 'utf8')
const matches = (of: string, pattern: RegExp) => [...of.matchAll(pattern)].map(([, found = '']) => found)
const blocks = (language: string) => matches(text, new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))

/** As GitHub makes them. */
const anchors = matches(text, /^#{2,4} (.+)$/gm).map((heading) =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-'),
)
const alarms = source('infra/consent-ledger/alarms.ts')

describe('the runbook', () => {
  it('has a section for each alarm, which says what it means, what to look at, what to do, and when it is over', () => {
    const sections = new Set(matches(alarms, /section: '([a-z-]+)'/g))
    expect(sections.size).toBeGreaterThan(10)
    for (const section of sections) {
      expect(anchors).toContain(section)
      const [body = ''] = matches(text, new RegExp(`^### ${section}$([\\s\\S]*?)^##`, 'gm'))
      for (const part of ['Means', 'Look', 'Do', 'Over'])
        expect([section, body]).toEqual([section, expect.stringContaining(`**${part}`)])
    }
  })

  it('names each alarm in its table', () => {
    const [table = ''] = text.split('## Before anything')
    for (const id of matches(alarms, /id: ['`]([A-Za-z]+)/g)) expect(table).toContain(`\`${id}`)
  })

  it('links to sections that are there', () => {
    const linked = matches(text, /\]\(#([a-z-]+)\)/g)
    expect(linked.length).toBeGreaterThan(20)
    expect(linked.filter((anchor) => !anchors.includes(anchor))).toEqual([])
    expect(anchors).toContain(source('infra/local/fsck/fsck.ts').match(/runbook\.md#([a-z-]+)/)?.[1])
  })

  it('asks for lines that functions write, and for findings that there are', () => {
    const [events = ''] = matches(source('functions/telemetry.ts'), /export type LogEvent =([\s\S]*?)\n\n/g)
    const written = matches(events, /'([a-z-]+)'/g)
    const asked = [
      ...matches(text, /event = "([a-z-]+)"/g),
      ...matches(text, /event in \[([^\]]+)\]/g)
        .join()
        .split(','),
    ]
    expect(asked.length).toBeGreaterThan(5)
    expect(asked.map((event) => event.replaceAll('"', '')).filter((event) => !written.includes(event))).toEqual([])
    const found = matches(text, /`((?:entry|index|vault|controller)-[a-z-]+|unexplained-loss|unpublished)`/g)
    expect(found.filter((check) => check.endsWith('s-changed') === false && !(check in auditChecks))).toEqual([])
  })

  it('asks functions that there are', () => {
    const asked = matches(text, /^lines '.*?' ([a-z -]+)$/gm).flatMap((names) => names.split(' '))
    expect(asked.length).toBeGreaterThan(10)
    expect(asked.filter((name) => !(lambdaNames as readonly string[]).includes(name))).toEqual([])
  })

  it('has shell that parses', () => {
    for (const block of blocks('sh')) {
      const { status, stderr } = spawnSync('bash', ['-n'], { input: block, encoding: 'utf8' })
      expect([status, stderr]).toEqual([0, ''])
    }
  })

  it('has a service control policy that guards the policies, tables, bucket and keys', () => {
    const [policy = ''] = blocks('json')
    expect(policy.length).toBeLessThanOrEqual(5120)
    const denied = JSON.parse(policy).Statement.flatMap(({ Effect, Action }: { Effect: string; Action: string[] }) =>
      Effect === 'Deny' ? Action : [],
    )
    expect(denied).toEqual(
      expect.arrayContaining([
        ...['PutResourcePolicy', 'DeleteResourcePolicy', 'DeleteTable', 'UpdateTable', 'UpdateTimeToLive'].map(
          (action) => `dynamodb:${action}`,
        ),
        ...['s3:PutBucketPolicy', 'kms:ScheduleKeyDeletion', 'kms:DisableKey'],
      ]),
    )
  })
})
