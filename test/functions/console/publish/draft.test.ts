/** Drafts: begun, kept as files, and read back. */
import { describe, expect, it } from 'vitest'
import { draftAfter, emptyDraft, nextName, readDraft, writeDraft } from '../../../../functions/console/publish/draft.ts'
import { neededChanges, withNeededChanges } from '../../../../functions/console/publish/needed-changes.ts'
import { changedAt, pathOf, pointerOf } from '../../../../functions/console/schema-form/form-state.ts'
import { published } from './published-versions.ts'

const [first, second] = published

describe('the next version', () => {
  it.each([
    [['1', '2'], '3'],
    [['2', '10', '9'], '11'],
    [['2026-01', 'spring'], ''],
    [[], ''],
  ])('after %j is %j', (taken, next) => {
    expect(nextName(taken)).toBe(next)
  })

  it('is a copy whose changes and summary are still to be stated', () => {
    const draft = draftAfter(second, ['text a', 'text b'], ['1', '2'])
    expect(draft).toMatchObject({ version: '3', policyId: second.policyId, level: 'minor', changes: [], summary: {} })
    expect(draft.purposes).toEqual(second.purposes)
    expect(draft.texts.map(({ text }) => text)).toEqual(['text a', 'text b'])
    expect(draft).not.toHaveProperty('notBefore')
    expect(draft).not.toHaveProperty('effectiveFrom')
  })
})

describe('a draft as a file', () => {
  it('is read back as it was', () => {
    const draft = draftAfter(second, ['ä </script>', 'b'], ['1'])
    expect(readDraft(writeDraft(draft))).toEqual(draft)
  })

  it.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['no policyId', '{"texts":[]}'],
    ['texts that are in files', '{"policyId":"a","texts":[{"locale":"en","file":"a.md"}]}'],
    ['purposes that are no objects', '{"policyId":"a","purposes":[1]}'],
    ['a purpose whose title is a text', '{"policyId":"a","purposes":[{"title":"A"}]}'],
    ['a title that is a text', '{"policyId":"a","title":"A"}'],
  ])('is refused: %s', (_, json) => {
    expect(readDraft(json)).toBeUndefined()
  })

  it('may be half done', () => {
    expect(readDraft('{"policyId":"a","purposes":[{"purposeId":"x"}]}')).toMatchObject({
      ...{ version: '1', texts: [] },
      purposes: [{ purposeId: 'x', title: {}, recipients: [] }],
    })
  })
})

describe('changes that have to be declared', () => {
  const draft = draftAfter(second, ['', ''], ['1'])

  it('are none in a copy', () => {
    expect(neededChanges(draft, second)).toEqual([])
    expect(withNeededChanges(draft, second)).toBe(draft)
  })

  it('appear with the difference, keep what was said, and go with it', () => {
    const at = draft.purposes.findIndex(({ purposeId }) => purposeId === 'statistics')
    const changed = changedAt(draft, ['purposes', at, 'retention'], 'P6M') as typeof draft
    const declared = withNeededChanges(changed, second)
    expect(neededChanges(declared, second)).toEqual([{ purposeId: 'statistics', fields: ['retention'] }])
    expect(declared.changes).toEqual([{ purposeId: 'statistics', level: 'major', reason: '' }])
    const said = { ...declared, changes: [{ purposeId: 'statistics', level: 'minor' as const, reason: 'shorter' }] }
    expect(withNeededChanges(said, second)).toBe(said)
    const back = changedAt(said, ['purposes', at, 'retention'], 'P12M') as typeof draft
    expect(withNeededChanges(back, second).changes).toEqual([])
  })

  it('are none for a first version', () => {
    expect(neededChanges(emptyDraft('a', 'other', []), undefined)).toEqual([])
    expect(neededChanges(draft, first)).not.toEqual([])
  })
})

describe('a value in a draft', () => {
  it('changes in a copy, and is removed by undefined', () => {
    const whole = { a: [{ b: 1 }, { b: 2 }], c: 'x' }
    expect(changedAt(whole, ['a', 1, 'b'], 3)).toEqual({ a: [{ b: 1 }, { b: 3 }], c: 'x' })
    expect(changedAt(whole, ['c'], undefined)).toEqual({ a: whole.a })
    expect(whole.a[1]).toEqual({ b: 2 })
  })

  it('is named by a pointer', () => {
    expect(pointerOf(['a', 0, 'b/c~d'])).toBe('/a/0/b~1c~0d')
    expect(pathOf('/a/0/b~1c~0d')).toEqual(['a', '0', 'b/c~d'])
  })
})
