import { describe, expect, it } from 'vitest'
import { type Variable, variable, variables } from '../../../functions/lambda/environment.ts'

describe('a variable', () => {
  it('is what the environment says', () => {
    expect(variable('entries', { ENTRIES_TABLE: 'ledger-entries' })).toBe('ledger-entries')
  })

  it.each([undefined, ''])('that is %j is named in the refusal, and no other is', (value) => {
    const environment = { ENTRIES_TABLE: value, VAULT_TABLE: 'the-vault' }
    const refusal = expect(() => variable('entries', environment))
    refusal.toThrow('without a variable that it needs')
    expect(() => variable('entries', environment)).toThrow(
      expect.objectContaining({ code: 'internal', facts: { given: 'ENTRIES_TABLE' } }),
    )
  })

  it('has a name of its own, which Lambda does not reserve and the SDK does not read', () => {
    const names = Object.keys(variables).map((each) => variables[each as Variable])
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name).toMatch(/^(?!AWS_|LAMBDA_|NODE_|POWERTOOLS_|_)[A-Z][A-Z_]+$/)
  })
})
