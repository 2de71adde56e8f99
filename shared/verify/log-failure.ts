/** The first fault of a log. `what` names a path, a leaf of a bundle, or a checkpoint. */
export interface LogFinding {
  readonly what: string
  readonly says: string
  /** Present if the log could not be read, rather than being wrong. */
  readonly source?: 'absent' | 'forbidden' | 'unreachable'
}

export class LogFailure extends Error {
  readonly finding: LogFinding

  constructor(what: string, says: string) {
    super(`${what}: ${says}`)
    this.name = 'LogFailure'
    this.finding = { what, says }
  }
}
