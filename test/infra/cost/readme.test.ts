/** infra/cost/README.md holds the tables that the model computes; `WRITE_README=1` writes them. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readmeSection, sectionBegin, sectionEnd } from '../../../infra/cost/readme-section.ts'
import { usage } from '../../../infra/cost/usage.ts'

const file = join(import.meta.dirname, '../../../infra/cost/README.md')

it('the README’s section on cost is the model’s, and short', () => {
  const readme = readFileSync(file, 'utf8')
  const [before = '', rest = ''] = readme.split(sectionBegin)
  const [, after = ''] = rest.split(sectionEnd)
  const section = readmeSection(usage)
  if (process.env.WRITE_README !== undefined) writeFileSync(file, before + section + after)
  else expect(readme).toBe(before + section + after)
  expect(section.split('\n').length).toBeLessThanOrEqual(28)
})
