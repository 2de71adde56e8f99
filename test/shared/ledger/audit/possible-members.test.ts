/** The filter of what may be a member: joined, it knows the members of each part. */
import { expect, it } from 'vitest'
import { addMember, joinedMembers, mayHaveMember, noBits } from '../../../../shared/ledger/audit/possible-members.ts'

const key = new Uint8Array(32).fill(7)

it('joined knows the members of each, wherever in memory their bits are, and leaves these as they are', () => {
  const [one, other] = [noBits(), noBits()]
  addMember({ key, bits: one }, 'kim')
  addMember({ key, bits: other }, 'lo')
  const unaligned = new Uint8Array(other.length + 1).subarray(1)
  unaligned.set(other)
  const bits = joinedMembers([one, unaligned])
  const known = ['kim', 'lo', 'nobody'].filter((text) => mayHaveMember({ key, bits }, text))
  expect(known).toEqual(['kim', 'lo'])
  expect(bits.length).toBe(one.length)
  expect(mayHaveMember({ key, bits: one }, 'lo')).toBe(false)
})
