/** The result of a verification, and how the checks report to it: each step is a sentence, and the first failure ends the checking. */
import type { JointAnswer } from '../consent/joint-status.ts'
import type { PendingEntry } from '../consent/proof-file.ts'
import type { StatusAnswer } from '../consent/status-answer.ts'
import { TlogError } from '../tlog/tlog-error.ts'
import { englishSentence, type FailureCode, type FindingCode, type Said, say, type ValuesOf } from './say.ts'
import type { StepId } from './step-ids.ts'

/**
 * `valid`: every check passed. `pending`: every check passed, and the file itself names recorded entries that its checkpoint lacks, any of
 * which may change the answer. `invalid`: a check failed. `undetermined`: no check failed, but something is missing without which there is
 * no answer.
 */
export type Verdict = 'valid' | 'pending' | 'invalid' | 'undetermined'

/** One finding. A step may have several. */
export interface Step {
  /** The step that found it. */
  readonly step: StepId
  /** `note`: information that neither proves nor refutes anything. */
  readonly outcome: 'ok' | 'failed' | 'note'
  /** The finding, an English sentence. */
  readonly says: string
  /** The same without a language: a stable code and the values of the sentence. */
  readonly said: Said
}

/** The step that failed. */
export interface Failed {
  /** The step. */
  readonly step: StepId
  /** The reason, an English sentence. */
  readonly says: string
  /** The same without a language: a stable code and the values of the sentence. */
  readonly said: Said
}

/** The result of a verification. */
export interface Verification {
  /** The verdict on the whole file. */
  readonly verdict: Verdict
  /** Format of the file, if it was recognised. */
  readonly kind?: 'consent-proof@1' | 'consent-receipt@1' | 'receipts' | 'tlog-proof@v1'
  /** All findings, in the order of the checks. */
  readonly steps: readonly Step[]
  /** The recomputed answer of a consent proof, if the verdict is `valid` or `pending`. */
  readonly answer?: RecomputedAnswer
  /** For the verdict `pending`: recorded entries that the checkpoint lacks, oldest first. */
  readonly pending?: readonly Pending[]
  /** For a valid receipt or single leaf: the opened claims by name. */
  readonly disclosed?: Readonly<Record<string, unknown>>
  /** The step that failed, if one did. */
  readonly failed?: Failed
  /** For a file with several receipts: the result of each, in their order. */
  readonly receipts?: readonly Verification[]
}

/** A recorded entry that the checkpoint lacks, and the state of the promise to log it. */
export type Pending = PendingEntry & {
  /**
   * `open`: the promised time is not over. `broken`: a signed checkpoint, or the ledger's own statement, is from after that time.
   * `overdue`: the time is over by the verifier's clock, and only a newer proof can show whether the promise was kept.
   */
  readonly promise: 'open' | 'broken' | 'overdue'
}

/** The answer to the question of a proof, computed from its events and versions. */
export interface RecomputedAnswer {
  /** A purposeId, or `policy/<policyId>`. */
  readonly target: string
  /** The status with its reason. */
  readonly status: StatusAnswer
  /** The instant that the answer is about, RFC 3339. */
  readonly at: string
  /** The answer counts what was in the log by this instant, RFC 3339. */
  readonly knownAt: string
  /** For a subject that is linked: what it and the linked ones amount to together, with any contradiction named. */
  readonly joint?: JointAnswer
  /** The text that was shown for the deciding event, if the record states which. */
  readonly shown?: { readonly version: string; readonly locale: string; readonly sha256: string; readonly text: string }
}

/** Thrown by a check and caught by `runSteps`. Stays inside this folder. */
export class StepFailure extends Error {
  readonly step: StepId
  readonly said: Said
  readonly verdict: 'invalid' | 'undetermined'

  constructor(step: StepId, said: Said, verdict: StepFailure['verdict'] = 'invalid') {
    super(englishSentence(said))
    this.name = 'StepFailure'
    this.step = step
    this.said = said
    this.verdict = verdict
  }
}

/** Ends the verification: the file is invalid. */
export function fail<C extends FailureCode>(step: StepId, code: C, ...values: ValuesOf<C>): never {
  throw new StepFailure(step, say(code, ...values))
}

/** Ends the verification: something is missing, so the file gives no answer. */
export function missing<C extends FailureCode>(step: StepId, code: C, ...values: ValuesOf<C>): never {
  throw new StepFailure(step, say(code, ...values), 'undetermined')
}

/** Receives the findings of checks. */
export interface Log {
  ok<C extends FindingCode>(step: StepId, code: C, ...values: ValuesOf<C>): void
  note<C extends FindingCode>(step: StepId, code: C, ...values: ValuesOf<C>): void
}

/** Runs `act`. A `TlogError` in it becomes a failure of the step. */
export function inStep<T>(step: StepId, what: Said, act: () => T): T {
  try {
    return act()
  } catch (error) {
    throw asFailure(step, what, error)
  }
}

/** The same for an `act` that returns a promise. */
export async function inStepAsync<T>(step: StepId, what: Said, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    throw asFailure(step, what, error)
  }
}

function asFailure(step: StepId, what: Said, error: unknown): unknown {
  if (!(error instanceof TlogError)) return error
  const fault = say(`tlog-${error.code}`, { message: error.message })
  return new StepFailure(step, say('log-refused', { what, fault }))
}

/** A finding, with its English sentence. */
export function findingOf(step: StepId, outcome: Step['outcome'], said: Said): Step {
  return { step, outcome, says: englishSentence(said), said }
}

/** Runs the checks of one file. Never rejects: an error that is no `StepFailure` becomes a failure of the step `form`. */
export async function runSteps(
  kind: Verification['kind'],
  check: (log: Log) => Promise<Pick<Verification, 'answer' | 'disclosed' | 'pending'>>,
): Promise<Verification> {
  const steps: Step[] = []
  const log: Log = {
    ok: (step, code, ...values) => steps.push(findingOf(step, 'ok', say(code, ...values))),
    note: (step, code, ...values) => steps.push(findingOf(step, 'note', say(code, ...values))),
  }
  const known = kind === undefined ? {} : { kind }
  try {
    const found = await check(log)
    return { verdict: found.pending ? 'pending' : 'valid', ...known, steps, ...found }
  } catch (error) {
    const failure =
      error instanceof StepFailure
        ? error
        : new StepFailure(
            'form',
            say('unreadable-file', { message: error instanceof Error ? error.message : String(error) }),
          )
    const failed = { step: failure.step, says: failure.message, said: failure.said }
    return { verdict: failure.verdict, ...known, steps: [...steps, { ...failed, outcome: 'failed' }], failed }
  }
}

/** An excerpt of a given text for a sentence: at most 80 characters, without characters that could control a terminal. */
export function quote(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 80)}...` : text
  return JSON.stringify(short).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')
}

/** `1 leaf`, `2 leaves`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`
}
