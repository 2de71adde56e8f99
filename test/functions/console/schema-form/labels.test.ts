/** Every field and value of what the desk edits has words, so that no form shows the name of a member. */
import { describe, expect, it } from 'vitest'
import { fieldGroups } from '../../../../functions/console/publish/field-groups.ts'
import { emptyValueOf } from '../../../../functions/console/schema-form/empty-value.ts'
import { english } from '../../../../functions/console/schema-form/words-en.ts'
import { presentationDraft, versionDraft } from '../../../../shared/consent/policy.ts'
import { purpose } from '../../../../shared/consent/purpose.ts'
import { conforms, type Shape } from '../../../../shared/consent/schema.ts'

interface Found {
  readonly members: Set<string>
  readonly values: Set<string>
  readonly lists: Set<string>
}

function look(shape: Shape, name: string, found: Found): Found {
  if (shape.is === 'record')
    for (const [member, inner] of Object.entries(shape.members)) {
      found.members.add(member)
      look(inner, member, found)
    }
  else if (shape.is === 'list' || shape.is === 'optional') {
    if (shape.is === 'list' && shape.of.is === 'record') found.lists.add(name)
    look(shape.of, name, found)
  } else if (shape.is === 'oneOf' || shape.is === 'oneOfKnown')
    for (const value of shape.values) found.values.add(value)
  return found
}

describe.each([
  ['a version', versionDraft],
  ['a presentation', presentationDraft],
])('%s', (_, schema) => {
  const { members, values, lists } = look(schema, '', { members: new Set(), values: new Set(), lists: new Set() })
  const unnamed = (prefix: string, names: Set<string>) => [...names].filter((name) => !(`${prefix}-${name}` in english))

  it('has fields to look at', () => {
    expect(members.size).toBeGreaterThan(4)
  })

  it('has a label for each field, a name for each item and for each value', () => {
    expect(unnamed('field', members)).toEqual([])
    expect(unnamed('one', lists)).toEqual([])
    expect(unnamed('value', values)).toEqual([])
  })
})

describe('the form of a purpose', () => {
  it('has every field once', () => {
    const shown = Object.values(fieldGroups).flat()
    expect([...shown].sort()).toEqual(Object.keys(purpose.members).sort())
  })

  it('begins with an empty purpose of its shape, whose choices are not made', () => {
    const empty = emptyValueOf(purpose)
    expect(empty).toMatchObject({
      purposeId: '',
      title: {},
      legalBasis: '',
      recipients: [],
      refusal: { consequence: '' },
    })
    expect(conforms(purpose, { ...(empty as object), legalBasis: 'consent' })).toBe(true)
  })
})
