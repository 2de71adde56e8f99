/**
 * Why a copy was not made or did not go on. The copy is then what it was, valid at its own checkpoint.
 *
 *   forked      the source's signed checkpoint contradicts the copy's: the note was saved, and both together prove it
 *   behind      the source's checkpoint is older than the copy's, of the same log
 *   other-log   the source is another log than the copy's
 *   damaged     a file of the copy is not what was written
 *   incomplete  the copy has entry bundles, and was to go on without
 */
export type MirrorFailureCode = 'forked' | 'behind' | 'other-log' | 'damaged' | 'incomplete'

export class MirrorFailure extends Error {
  readonly code: MirrorFailureCode

  constructor(code: MirrorFailureCode, message: string) {
    super(message)
    this.name = 'MirrorFailure'
    this.code = code
  }
}
