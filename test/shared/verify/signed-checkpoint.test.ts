import { describe, expect, it } from 'vitest'
import { checkpointText } from '../../../shared/tlog/checkpoint.ts'
import { say } from '../../../shared/verify/say.ts'
import { readSignedCheckpoint, SignedNotes } from '../../../shared/verify/signed-checkpoint.ts'
import { StepFailure } from '../../../shared/verify/verification.ts'
import { policyOfKeys } from '../../../shared/verify/verify.ts'
import { logVkey, origin, outsideVkey, ownVkey, signedNote } from './maker.ts'

const policy = policyOfKeys([logVkey, ownVkey, outsideVkey])
const note = (size: number, own: number, outside?: number) =>
  signedNote(checkpointText({ origin, size, root: new Uint8Array(32), extensions: [] }), origin, own, outside)

describe('the time of a checkpoint', () => {
  it.each([
    [1000, undefined, 1000],
    [1000, 1005, 1000],
    [1000, 1120, 1000],
    // When somebody else saw it says by when it was there, not when it was made.
    [1000, 1121, 1000],
    [1000, 5000, 1000],
    [1000, 881, 1000],
    [1000, 879, 879],
    [1000, 500, 500],
  ])("operator's %i, outside witness's %s: %i", async (own, outside, seconds) => {
    expect(await readSignedCheckpoint(note(1, own, outside), policy)).toMatchObject({ seconds })
  })

  it('is nobody known to say, with the key of the log alone', async () => {
    expect((await readSignedCheckpoint(note(1, 1000), policyOfKeys([logVkey]))).seconds).toBeUndefined()
  })
})

it('so many notes that comparing them would not end are not compared', async () => {
  const notes = new SignedNotes(policyOfKeys([logVkey]), origin)
  const all = Array.from({ length: 2001 }, (_, i) => note(i, i))
  const verified = async () => {
    for (const one of all) await notes.verify(one, 'backdating', say('it'))
  }
  await expect(verified()).rejects.toThrow(StepFailure)
  expect(notes.all).toHaveLength(2000)
})
