/**
 * What a verification says: every step that was taken, in plain words, and the verdict. Checking stops at the first step that
 * fails. `pending`: everything that is there is valid, and the file itself names recorded entries that its checkpoint lacks; any of
 * them may change the answer. `undetermined`: nothing is wrong with what is there, but something is missing without which no answer
 * can be given.
 */
import type { PendingEntry } from '../consent/proof-file.ts'
import type { StatusAnswer } from '../consent/status-answer.ts'
import { TlogError } from '../tlog/tlog-error.ts'

export type Verdict = 'valid' | 'pending' | 'invalid' | 'undetermined'

const stepIds = [
  'form',
  'checkpoint',
  'known-at',
  'leaves',
  'inclusion',
  'disclosures',
  'identity',
  'times',
  'backdating',
  'publications',
  'links',
  'answer',
  'texts',
  'limits',
  'pending',
  'record',
  'receipts',
  'promise',
  'promise-kept',
] as const
export type StepId = (typeof stepIds)[number]

export interface Step {
  readonly step: StepId
  /** `note`: something to know that proves nothing and refutes nothing. */
  readonly outcome: 'ok' | 'failed' | 'note'
  readonly says: string
}

export interface Failed {
  readonly step: StepId
  readonly says: string
}

export interface Verification {
  readonly verdict: Verdict
  /** What the file is, once it was recognised. */
  readonly kind?: 'consent-proof@1' | 'consent-receipt@1' | 'receipts' | 'tlog-proof@v1'
  readonly steps: readonly Step[]
  /** The answer as recomputed; only of a consent proof that is valid, or valid but for what is pending. */
  readonly answer?: RecomputedAnswer
  /** Of the verdict `pending`: what the ledger had recorded and its checkpoint lacks, oldest record first. */
  readonly pending?: readonly Pending[]
  /** What the disclosures open, by name: of a valid receipt or single leaf. */
  readonly disclosed?: Readonly<Record<string, unknown>>
  readonly failed?: Failed
  /** Of a file with several receipts: each by itself, in their order. */
  readonly receipts?: readonly Verification[]
}

export type Pending = PendingEntry & {
  /**
   * `open`: the time that the ledger promised is not over. `broken`: a signed checkpoint, or the ledger's own word, is from after that
   * time. `overdue`: it is over by the clock of who verifies, and only a newer proof can show whether the promise was kept.
   */
  readonly promise: 'open' | 'broken' | 'overdue'
}

export interface RecomputedAnswer {
  /** A purposeId, or `policy/<policyId>`. */
  readonly target: string
  readonly status: StatusAnswer
  readonly at: string
  readonly knownAt: string
  /** The text that was shown for the deciding event, when the record says which. */
  readonly shown?: { readonly version: string; readonly locale: string; readonly sha256: string; readonly text: string }
}

/** Thrown by a check and caught by `runSteps`; never leaves this folder. */
export class StepFailure extends Error {
  readonly step: StepId
  readonly verdict: 'invalid' | 'undetermined'

  constructor(step: StepId, says: string, verdict: StepFailure['verdict'] = 'invalid') {
    super(says)
    this.name = 'StepFailure'
    this.step = step
    this.verdict = verdict
  }
}

export function fail(step: StepId, says: string): never {
  throw new StepFailure(step, says)
}

export function missing(step: StepId, says: string): never {
  throw new StepFailure(step, says, 'undetermined')
}

/** Where checks write down what they found. */
export interface Log {
  ok(step: StepId, says: string): void
  note(step: StepId, says: string): void
}

/** What the tlog formats refuse is a failure of the step that read them. */
export function inStep<T>(step: StepId, what: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    throw asFailure(step, what, error)
  }
}

export async function inStepAsync<T>(step: StepId, what: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    throw asFailure(step, what, error)
  }
}

function asFailure(step: StepId, what: string, error: unknown): unknown {
  return error instanceof TlogError ? new StepFailure(step, `${what}: ${error.message}`) : error
}

/** Runs the checks of one file. What they throw, whatever it is, is a failure of the step that they had come to. */
export async function runSteps(
  kind: Verification['kind'],
  check: (log: Log) => Promise<Pick<Verification, 'answer' | 'disclosed' | 'pending'>>,
): Promise<Verification> {
  const steps: Step[] = []
  const log: Log = {
    ok: (step, says) => steps.push({ step, outcome: 'ok', says }),
    note: (step, says) => steps.push({ step, outcome: 'note', says }),
  }
  const known = kind === undefined ? {} : { kind }
  try {
    const found = await check(log)
    return { verdict: found.pending ? 'pending' : 'valid', ...known, steps, ...found }
  } catch (error) {
    const failure =
      error instanceof StepFailure
        ? error
        : new StepFailure('form', `the file cannot be read: ${error instanceof Error ? error.message : String(error)}`)
    const failed = { step: failure.step, says: failure.message }
    return { verdict: failure.verdict, ...known, steps: [...steps, { ...failed, outcome: 'failed' }], failed }
  }
}

/** A piece of what was given, short enough for a sentence, and harmless on a terminal. */
export function quote(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 80)}...` : text
  return JSON.stringify(short).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`
}
