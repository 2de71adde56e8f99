/**
 * The drill of a restore, step by step: what each step does, what it checks, and what it found. It restores `entries` and `log` to one instant,
 * into new tables, and never touches the tables of the ledger. After a failed check nothing further is done; what was restored stays, as
 * evidence, and the same call goes on from there.
 *
 * A restored log may serve only when it is the published one: a log that is older than the newest checkpoint would sign a second history.
 */
import type { TableRecovery, TableState } from '../../functions/aws/table-recovery.ts'

export interface DrillNames {
  readonly entries: string
  readonly log: string
}

/** What the self-audit says of the restored tables beside the vault and the objects as they are. */
export interface AuditOutcome {
  readonly clean: boolean
  /** By check and severity, as `fsck` counts them. */
  readonly counts: Readonly<Record<string, number>>
}

export interface DrillDependencies {
  readonly recovery: TableRecovery
  readonly audit: (names: DrillNames) => Promise<AuditOutcome>
  readonly sleep: (ms: number) => Promise<void>
  /** Lines that show progress; none is part of the report. */
  readonly progress: (line: string) => void
}

export interface DrillOptions {
  readonly source: DrillNames
  /** Put before the names of the sources. */
  readonly prefix: string
  /** Milliseconds, of a whole second. @default the latest second to which both tables can be restored */
  readonly at?: number
  /** Reads and checks only: says what it would do. */
  readonly isDryRun: boolean
}

export type StepName = 'source' | 'window' | 'restore' | 'guard' | 'counts' | 'audit' | 'switch'

export interface StepReport {
  readonly step: StepName
  readonly outcome: 'ok' | 'failed' | 'would'
  readonly says: string
}

/** Recovery period of a restored table, in days, as the ledger's own tables have it. */
const recoveryDays = 35
const pollMs = 10_000
/** A restore may take hours. */
const maxPolls = 6 * 360

class CheckFailed extends Error {}

/** Runs the steps in order and stops at the first that fails. The last report says what to do with the tables. */
export async function restoreDrill(deps: DrillDependencies, options: DrillOptions): Promise<readonly StepReport[]> {
  const { recovery, audit, progress } = deps
  const { source, prefix, isDryRun } = options
  const target: DrillNames = { entries: `${prefix}${source.entries}`, log: `${prefix}${source.log}` }
  const pairs = (['entries', 'log'] as const).map((kind) => ({ kind, from: source[kind], to: target[kind] }))
  const reports: StepReport[] = []
  const states = new Map<string, TableState>()
  let at = options.at ?? 0

  const steps: Readonly<Record<StepName, { readonly would?: string; readonly run: () => Promise<string> }>> = {
    source: {
      async run() {
        for (const { from, to } of pairs) {
          const state = await recovery.describe(from)
          if (state === undefined) throw new CheckFailed(`there is no table ${from}`)
          if (state.status !== 'ACTIVE') throw new CheckFailed(`the table ${from} is ${state.status}`)
          states.set(from, state)
          const restored = await recovery.describe(to)
          if (restored) states.set(to, restored)
        }
        const found = pairs.filter(({ to }) => states.has(to)).map(({ to }) => to)
        return `${source.entries} and ${source.log} are active${found.length > 0 ? `; ${found.join(' and ')} are there already` : ''}`
      },
    },
    window: {
      async run() {
        const windows = await Promise.all(pairs.map(({ from }) => recovery.window(from)))
        for (const [i, { isOn, latest }] of windows.entries())
          if (!isOn || latest === undefined)
            throw new CheckFailed(
              `${pairs[i]?.from} cannot be restored: its point-in-time recovery is ${isOn ? 'too young' : 'off'}`,
            )
        const earliest = Math.max(...windows.map((each) => each.earliest ?? 0))
        const latest = Math.min(...windows.map((each) => each.latest ?? 0))
        // A copy that is there already has its instant, to which the other one is restored too.
        const made = pairs.flatMap(({ to }) => states.get(to) ?? []).map(({ restoredTo }) => restoredTo)
        // Recovery is to the second. A copy's instant may come back without its fraction, and the same call could then not go on.
        at = made[0] ?? options.at ?? Math.floor(latest / 1_000) * 1_000
        if (made.some((each) => each !== at) || (options.at !== undefined && options.at !== at))
          throw new CheckFailed(
            `${target.entries} and ${target.log}, as far as they are there, are not copies of this one instant: choose another --prefix`,
          )
        if (made.length === pairs.length) return `both are copies of ${iso(at)}`
        if (at < earliest || at > latest)
          throw new CheckFailed(`${iso(at)} is not between ${iso(earliest)} and ${iso(latest)}`)
        return `both can be restored to ${iso(at)}`
      },
    },
    restore: {
      would: `restore ${pairs.map(({ from, to }) => `${from} into ${to}`).join(' and ')}, and wait`,
      async run() {
        for (const { from, to } of pairs) if (!states.has(to)) await recovery.restore(from, to, at)
        for (const { to } of pairs) states.set(to, await untilActive(deps, to))
        return `${target.entries} and ${target.log} are active`
      },
    },
    guard: {
      would: 'give both the policies of their sources, recovery, and protection from deletion, and entries a stream',
      async run() {
        for (const { kind, from, to } of pairs) await guard(deps, kind, stateOf(states, from), to)
        return 'policies, recovery, protection and stream are those of the sources'
      },
    },
    counts: {
      would: 'count the items of all four tables, by scans',
      async run() {
        const counted: string[] = []
        for (const { from, to } of pairs) {
          const restored = await recovery.count(to, (n) => progress(`${to}: ${n} items`))
          const now = await recovery.count(from, (n) => progress(`${from}: ${n} items`))
          // Both are insert-only: what was there at an instant is there now.
          if (restored > now)
            throw new CheckFailed(`${to} has ${restored} items and ${from} only ${now}: items are missing now`)
          if (restored === 0 && now > 0) throw new CheckFailed(`${to} is empty, and ${from} has ${now} items`)
          counted.push(`${to} ${restored} of ${now}`)
        }
        return counted.join(', ')
      },
    },
    audit: {
      would: 'compare them with the vault, the objects and the checkpoints as they are, as fsck does',
      async run() {
        const { clean, counts } = await audit(target)
        const found = Object.entries(counts).map(([check, count]) => `${check} ${count}`)
        const isOlder = Object.keys(counts).some((check) => check.startsWith('checkpoint-beyond-log'))
        if (isOlder)
          throw new CheckFailed(
            `the restored log is older than what is published: it is evidence to read and must never serve (${found.join(', ')})`,
          )
        if (!clean) throw new CheckFailed(`the audit found ${found.join(', ')}`)
        return 'they agree with the vault, the objects and every published checkpoint'
      },
    },
    switch: {
      would: 'say how to serve from them',
      async run() {
        return `the copy has all that is published at this moment. It may serve only if nothing was written since ${iso(at)}: every function at concurrency 0 before that instant (runbook, "Restore"). Then give LedgerStores existingTables: entries ${target.entries}, log ${target.log}; deploy, and let sequence and sweep run when fsck is clean. After a drill, lift the protection of both and delete them.`
      },
    },
  }

  for (const [step, { would, run }] of Object.entries(steps) as [StepName, (typeof steps)[StepName]][]) {
    if (isDryRun && would !== undefined) {
      reports.push({ step, outcome: 'would', says: would })
      continue
    }
    try {
      reports.push({ step, outcome: 'ok', says: await run() })
    } catch (error) {
      if (!(error instanceof CheckFailed)) throw error
      reports.push({ step, outcome: 'failed', says: error.message })
      break
    }
  }
  return reports
}

async function untilActive({ recovery, sleep, progress }: DrillDependencies, name: string): Promise<TableState> {
  for (let polls = 0; polls < maxPolls; polls++) {
    const state = await recovery.describe(name)
    if (state?.status === 'ACTIVE') return state
    progress(`${name} is ${state?.status ?? 'not there yet'}`)
    await sleep(pollMs)
  }
  throw new CheckFailed(`${name} is not active after six hours; the same call goes on from here`)
}

/** Sets what a restore does not bring, and reads it back. Each part may be set already. */
async function guard(
  deps: DrillDependencies,
  kind: keyof DrillNames,
  source: TableState,
  target: string,
): Promise<void> {
  const { recovery } = deps
  const policy = await recovery.policy(source.arn)
  if (policy === undefined)
    throw new CheckFailed(`the source of ${target} has no policy, so nothing makes it insert-only`)
  const { arn, isProtected, isStreamed } = await untilActive(deps, target)
  const existing = await recovery.policy(arn)
  if (existing === undefined || !isSamePolicy(existing, policy)) await recovery.setPolicy(arn, policy)
  await recovery.recover(target, recoveryDays)
  if (!isProtected) await recovery.protect(target)
  await untilActive(deps, target)
  if (kind === 'entries' && !isStreamed) await recovery.stream(target)
  const state = await untilActive(deps, target)
  const set = await recovery.policy(arn)
  if (set === undefined || !isSamePolicy(set, policy))
    throw new CheckFailed(`the policy of ${target} is not that of its source`)
  if (!state.isProtected) throw new CheckFailed(`${target} is not protected from deletion`)
  if (kind === 'entries' && !state.isStreamed) throw new CheckFailed(`${target} has no stream of new images`)
  if (!(await recovery.window(target)).isOn) throw new CheckFailed(`point-in-time recovery of ${target} is off`)
}

/** DynamoDB may write a policy with other spaces. */
function isSamePolicy(a: string, b: string): boolean {
  return JSON.stringify(JSON.parse(a)) === JSON.stringify(JSON.parse(b))
}

function stateOf(states: ReadonlyMap<string, TableState>, name: string): TableState {
  const state = states.get(name)
  if (state === undefined) throw new CheckFailed(`there is no table ${name}`)
  return state
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
