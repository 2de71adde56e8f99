/**
 * The instants at which consents may end that a leaf of the log made count. A yes mostly says that by itself, and so costs no further read;
 * a confirmation, and a yes under a mandate, need what else is recorded of the subject.
 */
import { possibleEnds } from '../../consent/consent-ends.ts'
import { policyFor } from '../../consent/recording.ts'
import { timestamp } from '../ledger.ts'
import type { WalkedLeaf } from '../log-events/walked-leaf.ts'
import { type Due, endName } from './expiry-items.ts'
import { type EndsReader, type SubjectEnds, subjectEnds } from './subject-ends.ts'

/** An instant at which a consent may end, with the name of that end. */
export interface NamedInstant {
  readonly at: string
  readonly name: string
}

export interface LeafDue {
  readonly due: Omit<Due, 'at'>
  readonly purposeId: string
  readonly ends: readonly NamedInstant[]
  /** Reads the subject once for all decisions of the leaf. */
  readonly subject: () => Promise<SubjectEnds | undefined>
}

export async function duesOf(reader: EndsReader, { key, event: walked }: WalkedLeaf): Promise<readonly LeafDue[]> {
  if (walked?.state !== 'opened') return []
  const { opened, subject } = walked
  const { event } = opened
  const { sub } = subject.keys
  const { ledger, snapshot } = reader
  const now = timestamp(ledger.clock)
  let reading: Promise<SubjectEnds | undefined> | undefined
  const whole = () => {
    reading ??= subjectEnds(reader, sub, subject.rowsPk)
    return reading
  }
  const found: LeafDue[] = []
  for (const [part, { purposeId, verb }] of event.decisions.entries()) {
    if (purposeId === undefined || (verb !== 'given' && verb !== 'confirmed')) continue
    const history = policyFor(snapshot, { purposeId })
    if (history === undefined) continue
    const isWhole = verb === 'given' && event.who.actor.mandateId === undefined
    const instants = isWhole
      ? possibleEnds({ purposeId, at: now, knownAt: now }, [opened], history)
      : ((await whole())?.possible(purposeId) ?? [])
    const ends = instants.map((at) => ({ at, name: endName(subject.keys, purposeId, at) }))
    if (ends.length > 0) found.push({ due: { sub, sk: key.sk, part }, purposeId, ends, subject: whole })
  }
  return found
}
