/** Whoever is called by an alarm finds what it means and what to do: each alarm names a section of the runbook that is there. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { stageNames, synthesised } from '../support/synthesised.ts'

const runbook = readFileSync(join(import.meta.dirname, '../../infra/runbook.md'), 'utf8')

/** As a link to a heading is written: small letters, hyphens for spaces, nothing else. */
const headings = [...runbook.matchAll(/^#{1,6}\s+(.+)$/gm)].map(([, heading = '']) =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-'),
)

describe.each(stageNames)('alarms of %s', (name) => {
  const described = synthesised(name)
    .of('AWS::CloudWatch::Alarm')
    .map(({ properties }) => String(properties.AlarmDescription))

  it.each(described)('%s', (description) => {
    const [, sentence, section] = /^(.+\.) infra\/runbook\.md#([a-z-]+)$/.exec(description) ?? []
    expect(sentence).toBeTruthy()
    expect(headings).toContain(section)
  })
})
