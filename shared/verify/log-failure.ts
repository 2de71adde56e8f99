/** The first thing found wrong with a log, by its name: a path, a leaf of a bundle, a checkpoint. */
export interface LogFinding {
  readonly what: string
  readonly says: string
  /** When the log was not wrong but could not be read. */
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
