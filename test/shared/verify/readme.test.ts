/** shared/verify/README.md lists the verifier's steps in the order in which they are printed. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { stepNames } from '../../../shared/verify/phrases-en.ts'
import { type Verification, verifyFile } from '../../../shared/verify/verify.ts'
import { type PublishedStory, publishedStory } from './ledger-story.ts'

const root = join(import.meta.dirname, '../../..')
const text = readFileSync(join(root, 'shared/verify/README.md'), 'utf8')
let story: PublishedStory
beforeAll(async () => {
  story = await publishedStory()
})

/** The steps in the table of a section. */
function stepsIn(heading: string): string[] {
  const section = text.split(/^## /m).find((part) => part.startsWith(heading)) ?? ''
  return [...section.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, step = '']) => step)
}

/** Each step where it was first printed. */
const printed = ({ steps }: Verification) => [...new Set(steps.map(({ step }) => step))]

it('has every step', () => {
  const all = [...stepsIn('What a consent proof shows'), ...stepsIn('What a receipt shows'), 'receipts']
  expect([...new Set(all)].sort()).toEqual(Object.values(stepNames).sort())
})

it('has the steps of a proof in the order in which they are printed', async () => {
  const steps = stepsIn('What a consent proof shows')
  const seen = new Set<string>()
  for (const proof of story.proofs) {
    const found = await verifyFile(JSON.stringify(proof), story.policy, { now: story.now })
    for (const step of printed(found)) seen.add(step)
    expect(steps.filter((step) => printed(found).some((other) => other === step))).toEqual(printed(found))
  }
  expect(seen.size).toBeGreaterThan(12)
})

it('has the steps of a receipt in the order in which they are printed', async () => {
  const steps = stepsIn('What a receipt shows')
  for (const receipt of story.receipts) {
    const found = await verifyFile(JSON.stringify(receipt), story.policy, { now: story.now })
    expect(steps.filter((step) => printed(found).some((other) => other === step))).toEqual(printed(found))
  }
})
