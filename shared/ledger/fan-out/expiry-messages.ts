/**
 * The messages of a notice of ends (`expiry/expiry-items.ts`): one of each end, with what the message of its yes said about purpose and policy. A
 * notice names nobody, so each is made from the event that it points at, and none of a person who was erased.
 */
import type { AnnouncedEnd } from '../../consent/expiry.ts'
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import { openNotice } from '../expiry/expiry-items.ts'
import { walkLog } from '../log-events/walk-log.ts'
import type { LogWalker, WalkedLeaf } from '../log-events/walked-leaf.ts'
import type { Item } from '../store.ts'
import { type VaultScope, vaultScope } from '../vault/subject-keys.ts'
import { decisionMessages, type MessageContent } from './leaf-messages.ts'

/** Events that are read at a time. */
const eventsAtOnce = 10

/** The ends in a notice, with their parts. None in one that cannot be read: the self-audit reports it. */
export function endsIn(scope: VaultScope, item: Item): readonly (AnnouncedEnd & { readonly ofPart: number })[] {
  try {
    return openNotice(scope, item).ends.map((end, ofPart) => ({ ...end, ofPart }))
  } catch {
    return []
  }
}

/** @param isAsked which of the ends are wanted: nothing is read for the others */
export async function expiryMessages(
  walker: LogWalker,
  snapshot: ControllerSnapshot,
  { item, loggedAt }: WalkedLeaf,
  isAsked: (end: AnnouncedEnd, part: number) => boolean,
): Promise<readonly MessageContent[]> {
  const scope = vaultScope(snapshot)
  const ends = item ? endsIn(scope, item).filter((end) => isAsked(end, end.ofPart)) : []
  const made: MessageContent[] = []
  for (let at = 0; at < ends.length; at += eventsAtOnce) {
    const some = ends.slice(at, at + eventsAtOnce)
    const read = await Promise.all(some.map((end) => messageOf(walker, snapshot, end, loggedAt)))
    made.push(...read.flatMap((each) => each ?? []))
  }
  return made
}

async function messageOf(
  walker: LogWalker,
  snapshot: ControllerSnapshot,
  { leaf, part, expiresAt, days, ofPart }: AnnouncedEnd & { readonly ofPart: number },
  at: string,
): Promise<MessageContent | undefined> {
  const yes = await leafAt(walker, vaultScope(snapshot), leaf)
  if (yes?.event?.state !== 'opened') return undefined
  const given = decisionMessages(yes, yes.event.opened.event, snapshot)[part]
  if (given === undefined) return undefined
  const { effect: _, fat, ...about } = given
  const what = days === 0 ? { type: 'consent.expired' as const } : { type: 'consent.expiring' as const, days }
  return { ...about, ...what, part: ofPart, at, expiresAt, given: leaf, ...(fat && { fat }) }
}

export async function leafAt(walker: LogWalker, scope: VaultScope, index: number): Promise<WalkedLeaf | undefined> {
  for await (const leaf of walkLog(walker, scope, { from: index, to: index + 1 })) return leaf
  return undefined
}
