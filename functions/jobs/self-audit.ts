/**
 * On a schedule: the self-audit. It reads everything and writes only its positions and its reports. Each day it compares what the logs have
 * got; each 30 days a pass over everything begins, and runs go on with it for ten minutes each. A run has nothing to do when both are done.
 *
 * Several runs may work at once, each on a share of its own: their events state `share` and `of`. The run that ends the last share of a part
 * begins the next part. A pass begins anew when the run of share 0 states another number.
 *
 * A crash leaves the last positions, from which the next run goes on. Findings are stored with them, so each is counted once. In each run the
 * metric is the number of findings that stand. Only runs that did something write lines about findings.
 */

import { isAhead } from '../../shared/consent/clocks.ts'
import { LedgerError } from '../../shared/errors.ts'
import { auditNewLeaves } from '../../shared/ledger/audit/audit-new-leaves.ts'
import {
  type NewLeavesPosition,
  newLeavesObject,
  openSlot,
  type PassPosition,
  PositionReplaced,
  passObject,
  type SharePosition,
  type Slot,
  shareObject,
} from '../../shared/ledger/audit/audit-position.ts'
import type { Audit, AuditedLedger } from '../../shared/ledger/audit/audit-run.ts'
import { added, counter, type FindingCounts, greater, numberOf } from '../../shared/ledger/audit/finding-counts.ts'
import { type PassState, shareOf } from '../../shared/ledger/audit/pass-state.ts'
import { beginPass, endPart, walkShare } from '../../shared/ledger/audit/self-audit.ts'
import type { Objects } from '../../shared/ledger/store.ts'
import type { Telemetry } from '../telemetry.ts'
import { createJobHandler, type JobRun } from './job-handler.ts'
import { readJobRequest } from './job-request.ts'

/** Nothing is begun after this time. The function's timeout is 15 minutes. */
const budgetMs = 10 * 60_000
/** After an error so much is done again. */
const storedEveryMs = 60_000
const dayMs = 24 * 60 * 60_000
const passEveryMs = 30 * dayMs
/** How old the last pass may be, by its beginning, and the last comparison of what is new. */
const oldestPassMs = 45 * dayMs
const oldestNewMs = 3 * dayMs
/** Lines of a run; a log in pieces has one for each controller and check. */
const maxLines = 200
/** Runs at once. */
const maxShares = 64

type AuditingLedger = AuditedLedger & { readonly objects: Pick<Objects, 'replaceServed'> }

export interface SelfAuditDependencies {
  readonly ledger: AuditingLedger & { readonly objects: Pick<Objects, 'put'> }
  readonly telemetry: Telemetry
}

/** Members of the event: the run's share, and how many there are. A run by hand that states none works on share 0. */
export interface ShareOfRun {
  readonly share?: number
  readonly of?: number
}

export function createSelfAuditHandler({ ledger, telemetry }: SelfAuditDependencies) {
  return createJobHandler(
    'self-audit',
    { ...ledger, telemetry },
    (run, event?: unknown) => audit(ledger, run, event),
    readRequest,
  )
}

const readRequest = (event: unknown) => readJobRequest(event, ['share', 'of'])

/** @param storedOf of the pass that is under way: a run by hand that states no number works on its share 0 */
function shareIn(event: unknown, storedOf = 1): Required<ShareOfRun> {
  const { share = 0, of = storedOf }: ShareOfRun = event ?? {}
  const isShare = [share, of].every(Number.isSafeInteger) && share >= 0 && share < of && of <= maxShares
  if (isShare) return { share, of }
  throw new LedgerError('invalid-request', `share is a number below of, which is at most ${maxShares}`, {
    given: `${share} of ${of}`,
  })
}

/** What a run works with. In a dry run no position is stored, so the next run does the same again. */
interface Work extends Required<ShareOfRun> {
  readonly ledger: AuditingLedger
  readonly run: JobRun
  readonly isByHand: boolean
  readonly endMs: number
  readonly controllers: Audit['controllers']
}

async function audit(ledger: AuditingLedger, run: JobRun, event: unknown): Promise<void> {
  const startMs = ledger.clock()
  const slot = await openSlot<PassPosition>(ledger.objects, passObject, run.dryRun)
  const work: Work = {
    ...shareIn(event, slot.value?.pass.of),
    ledger,
    run,
    isByHand: readRequest(event).startedBy === 'command',
    endMs: startMs + budgetMs,
    controllers: new Map(),
  }
  try {
    const fresh = await compareNew(work, slot.value)
    const whole = await goOn(work, slot, startMs)
    reportOutcome(run, whole, fresh, ledger.clock())
    const { position } = whole
    if (position?.pass.part === 'done' && !position.isTold) await slot.store({ ...position, isTold: true })
  } catch (error) {
    if (!(error instanceof PositionReplaced)) throw error
    // Another run has gone on from the same position: this one has found nothing that the other does not find.
    run.done('audited-in-part', 0)
  }
}

interface Fresh {
  readonly position: NewLeavesPosition
  readonly didSomething: boolean
}

async function compareNew({ ledger, run, share, of, endMs }: Work, pass: PassPosition | undefined): Promise<Fresh> {
  const nowMs = ledger.clock()
  const slot = await openSlot<NewLeavesPosition>(ledger.objects, newLeavesObject(share), run.dryRun)
  const begun = slot.value ?? { doneMs: nowMs, isUnderWay: true, after: '', findings: {}, standing: {} }
  const isDue = begun.isUnderWay || isAhead(begun.doneMs, nowMs) || nowMs - begun.doneMs >= dayMs
  if (!isDue) return { position: begun, didSomething: false }
  const position = await auditNewLeaves(ledger, begun, {
    ...{ share, of, isDryRun: run.dryRun, passStartedMs: pass?.last?.startedMs ?? 0 },
    mayGoOn: () => ledger.clock() < endMs,
    store: (next) => slot.store(next),
  })
  await slot.store(position)
  return { position, didSomething: true }
}

interface Whole {
  /** `undefined` where another share's run has not begun a pass yet. */
  readonly position: PassPosition | undefined
  /** Findings of the pass so far. */
  readonly findings: FindingCounts
  readonly didSomething: boolean
}

async function goOn(work: Work, slot: Slot<PassPosition>, nowMs: number): Promise<Whole> {
  const { ledger, of, endMs } = work
  let position = await passOf(work, slot.value, nowMs)
  let didSomething = false
  let findings: FindingCounts = position?.findings ?? {}
  if (position !== undefined && position !== slot.value) await slot.store(position)
  while (position !== undefined && position.pass.part !== 'done' && position.pass.of === of && ledger.clock() < endMs) {
    const own = await walked(work, position.pass)
    didSomething ||= own.didSomething
    findings = added(position.findings, own.position.findings)
    if (!own.position.isWalked) break
    const shares = await sharesOf(work, position.pass, own.position)
    if (shares === undefined) break
    position = await withNextPart(work, position, shares)
    didSomething = true
    findings = position.findings
    await slot.store(position)
  }
  return { position, findings, didSomething }
}

/** The pass to go on with. The run of share 0 begins it. */
async function passOf(
  { ledger, isByHand, share, of }: Work,
  stored: PassPosition | undefined,
  nowMs: number,
): Promise<PassPosition | undefined> {
  // A pass by a clock that was ahead would be the last one until then.
  const position = stored && isAhead(stored.pass.startedMs, nowMs) ? undefined : stored
  if (share !== 0) return position
  if (position !== undefined) {
    const { part, startedMs } = position.pass
    // A run by hand, for instance after a repair, begins a pass at once.
    const isDue = nowMs - startedMs >= passEveryMs || isByHand
    if (part === 'done' ? !isDue : position.pass.of === of) return position
  }
  const { last, sinceMs = nowMs } = position ?? {}
  return { pass: await beginPass(ledger, of), findings: {}, last, sinceMs, isTold: false }
}

/** The run's share of the part, walked as far as there is time. */
async function walked(
  work: Work,
  pass: PassState,
): Promise<{ readonly position: SharePosition; readonly didSomething: boolean }> {
  const { ledger, run, share, endMs } = work
  const slot = await openSlot<SharePosition>(ledger.objects, shareObject(share), run.dryRun)
  const isOwn = slot.value !== undefined && isOf(pass, slot.value)
  let position: SharePosition =
    isOwn && slot.value ? slot.value : { share: shareOf(pass, share), isWalked: false, findings: {} }
  const didSomething = !position.isWalked
  while (!position.isWalked && ledger.clock() < endMs) {
    position = await walkedOn(work, position)
    await slot.store(position)
  }
  return { position, didSomething }
}

/** Goes on for a minute. */
async function walkedOn(
  { ledger, run, endMs, controllers }: Work,
  { share, ...position }: SharePosition,
): Promise<SharePosition> {
  let untilMs: number | undefined
  let toldMs = ledger.clock()
  const counts = counter(position.findings)
  const isWalked = await walkShare(ledger, share, {
    controllers,
    mayGoOn() {
      // The minute begins with the first question, so that reading many controllers before it does not use it up.
      untilMs ??= Math.min(endMs, ledger.clock() + storedEveryMs)
      return ledger.clock() < untilMs
    },
    report: counts.report,
    progress({ phase, done }) {
      if (ledger.clock() - toldMs < storedEveryMs) return
      toldMs = ledger.clock()
      run.telemetry.log({ level: 'info', event: `auditing-${phase}`, count: done })
    },
  })
  return { share, isWalked, findings: counts.findings }
}

const isOf = ({ startedMs, part, of }: PassState, { share }: SharePosition): boolean =>
  share.startedMs === startedMs && share.part === part && share.of === of

/** All shares of the part, when all are walked. */
async function sharesOf(
  { ledger, run, share }: Work,
  pass: PassState,
  own: SharePosition,
): Promise<SharePosition[] | undefined> {
  const shares: SharePosition[] = []
  for (let i = 0; i < pass.of; i++) {
    const { value } =
      i === share ? { value: own } : await openSlot<SharePosition>(ledger.objects, shareObject(i), run.dryRun)
    if (value === undefined || !isOf(pass, value) || !value.isWalked) return undefined
    shares.push(value)
  }
  return shares
}

async function withNextPart(
  { ledger, controllers }: Work,
  position: PassPosition,
  shares: readonly SharePosition[],
): Promise<PassPosition> {
  const counts = counter(shares.reduce((sum, { findings }) => added(sum, findings), position.findings))
  const states = shares.map(({ share }) => share)
  const pass = await endPart(ledger, position.pass, states, { controllers, report: counts.report })
  const { findings } = counts
  const last = pass.part === 'done' ? { startedMs: pass.startedMs, findings } : position.last
  return { ...position, pass, findings, last, isTold: false }
}

/**
 * Logs, counts and reports the findings that stand: those of the pass so far, or of the last one while it found more, and those in what is
 * new.
 */
function reportOutcome(run: JobRun, { position, findings, didSomething }: Whole, fresh: Fresh, nowMs: number): void {
  const { telemetry } = run
  const { last, sinceMs = nowMs, isTold = true, pass } = position ?? {}
  const ofPass = last !== undefined && numberOf(last.findings) > numberOf(findings) ? last.findings : findings
  const standing = greater(ofPass, greater(fresh.position.standing, fresh.position.findings))
  const found = numberOf(standing)
  const isDone = pass?.part === 'done' && !fresh.position.isUnderWay
  const hasWorked = didSomething || fresh.didSomething || (pass?.part === 'done' && !isTold)
  if (hasWorked) {
    if (pass)
      for (const name of ['controllers', 'subjects', 'entries', 'leaves', 'checkpoints'] as const)
        run.counted(name, pass.compared[name])
    for (const [name, count] of Object.entries(standing).slice(0, maxLines)) {
      const [controller = '', check = ''] = name.split(' ')
      telemetry.log({ level: 'error', event: 'audit-finding', controller, check, count })
    }
  }
  if (!isDone) run.left(1, 'pass', 'the next run goes on where this one ended')
  // A metric costs for each hour that has a value.
  if (hasWorked || found > 0) {
    const overdueMs = Math.max(
      0,
      nowMs - (last?.startedMs ?? sinceMs) - oldestPassMs,
      nowMs - fresh.position.doneMs - oldestNewMs,
    )
    telemetry.add('AuditFindings', found)
    telemetry.add('AuditOverdue', Math.round(overdueMs / 1000))
  }
  run.done(isDone ? 'audited' : 'audited-in-part', found)
}
