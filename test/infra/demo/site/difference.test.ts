/** What a reader of a changed policy is shown: only what changed, under its heading, and nothing of a text is markup. */
import { expect, it } from 'vitest'
import { differenceView } from '../../../../infra/demo/site/difference.ts'
import { wordsIn } from '../../../../infra/demo/site/language.ts'
import { world } from '../../../../infra/demo/world/world.ts'
import { textDifference } from '../../../../shared/consent/text-difference.ts'
import { growth } from '../../../support/growth.ts'

const english = wordsIn('en')
const view = (before: string, after: string) =>
  differenceView({ text: textDifference(before, after, 'words') }, english)
    .text.replaceAll(/<span class="unseen">(added|removed): <\/span>/g, '')
    .replaceAll('\n', ' ')

const text = (paragraph: string) =>
  `# Terms\n\nFor everybody.\n\n## 1. Fees\n\n${paragraph}\n\n## 2. End\n\nAt any time.\n`

it('shows the paragraph that changed under its heading, and no other', () => {
  expect(view(text('You pay ten crowns a month.'), text('You pay twelve crowns a month.'))).toBe(
    '<div class="difference"><h4>1. Fees</h4><p>You pay <del>ten</del><ins>twelve</ins> crowns a month.</p></div>',
  )
})

it('shows changes that nearly touch as one, so that both sentences can be read', () => {
  const shown = view(text('Demands always go by post to you.'), text('Reminders may go by e-mail to you.'))
  expect(shown).toContain('<del>Demands always go by post</del><ins>Reminders may go by e-mail</ins> to you.')
})

it('shows a paragraph that came or went as a whole', () => {
  expect(view(text('You pay.'), text('You pay.\n\nWe tell you before.'))).toContain(
    '<p><ins>We tell you before.</ins></p>',
  )
  expect(view(text('You pay.\n\nWe tell you before.'), text('You pay.'))).toContain(
    '<p><del>We tell you before.</del></p>',
  )
})

it('names both kinds of change in words, for those who do not see them', () => {
  const { text: shown } = differenceView({ text: textDifference('old', 'new', 'words') }, english)
  expect(shown).toContain('<del><span class="unseen">removed: </span>old</del>')
  expect(shown).toContain('<ins><span class="unseen">added: </span>new</ins>')
})

it('escapes what a text says, and drops the marks of Markdown', () => {
  expect(view('a', '<script>alert(1)</script> **b** `c`')).toContain('&lt;script&gt;alert(1)&lt;/script&gt; b c')
})

it('says nothing of two texts that are the same', () => {
  expect(view(text('You pay.'), text('You pay.'))).toBe('<div class="difference"></div>')
})

it('keeps every added word of the real policies', () => {
  const versions = world.ljungsten.publications.filter(({ draft }) => draft.policyId === 'general-terms')
  const [before = '', after = ''] = versions
    .slice(0, 2)
    .map(({ draft }) => draft.texts.find((t) => t.locale === 'en')?.text)
  const shown = view(before, after)
  expect(shown).toContain('digital mailbox')
  expect(shown).toContain('<h4>13. Complaints, disputes and law</h4>')
  expect(shown).not.toContain('9. How the service may be used')
})

it('takes work that grows with the number of changes in a paragraph, and with its spaces', () => {
  const pieces = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      kind: (['same', 'added', 'removed'] as const)[i % 3] ?? 'same',
      text: `word${i} `,
    }))
  const spaces = (count: number) => [{ kind: 'added' as const, text: `a${' '.repeat(count)}b` }]
  for (const make of [pieces, spaces]) {
    // 20 for linear work, 400 for quadratic.
    expect(growth(2_000, 40_000, (size) => differenceView({ text: make(size) }, english))).toBeLessThan(120)
  }
})
