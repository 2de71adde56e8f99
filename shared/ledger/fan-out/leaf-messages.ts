/**
 * The messages of a leaf, before an endpoint's settings are applied: which types, about which purpose and policy, and what each says. A leaf
 * makes the same messages each time, so an id made of its index and the message's place in it stays valid (`delivery-id.ts`).
 */
import {
  isAnnounced,
  type PolicyLink,
  type RecordedDecision,
  type RecordedEvent,
  targetId,
} from '../../consent/event.ts'
import { type MessageType, typeOfVerb } from '../../consent/message-types.ts'
import { findPurpose, findVersion } from '../../consent/policy.ts'
import type { Purpose } from '../../consent/purpose.ts'
import { acknowledgementOf } from '../../consent/receipt.ts'
import { policyFor } from '../../consent/recording.ts'
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import { erasedPk } from '../log/log-items.ts'
import type { WalkedLeaf } from '../log-events/walked-leaf.ts'
import { receiptIdOf } from '../recording/sealed-event.ts'

/** What a message says, as its member `data` has it, without what depends on the endpoint. */
export interface MessageContent {
  readonly type: MessageType
  /** Its place among the messages of the leaf, from 0. */
  readonly part: number
  /** RFC 3339: when it happened, as the ledger recorded it. */
  readonly at: string
  /** Pseudonym of the person; absent from what is about no person. */
  readonly sub?: string
  readonly purposeId?: string
  readonly policyId?: string
  /** The version that was shown, or else the one that was in force. */
  readonly version?: string
  /** Which law and legal basis the decision is under: a receiver that keeps several must not let one overwrite another. */
  readonly regime?: { readonly jurisdiction: string; readonly legalBasis: string }
  /** What the decision counted as when it was recorded. A `given` may be a yes without effect. */
  readonly effect?: string
  /** For a consent that ends by itself: when, how many days ahead it is announced at most, and the leaf of its yes. */
  readonly expiresAt?: string
  readonly days?: number
  readonly given?: number
  /** For fat messages. */
  readonly fat?: object
}

export function messagesOf(leaf: WalkedLeaf, snapshot: ControllerSnapshot): readonly MessageContent[] {
  const { kind, item, loggedAt } = leaf
  const { controller } = snapshot.controller
  if (leaf.event?.state === 'opened') {
    const { event } = leaf.event.opened
    return isAnnounced(event) ? decisionMessages(leaf, event, snapshot) : []
  }
  if (item === undefined) return []
  const own = { part: 0, at: loggedAt }
  if (kind === 'erased' && item.pk === erasedPk(controller)) return [{ ...own, type: 'subject.erased', sub: item.sk }]
  if (kind === 'link' || kind === 'unlink') {
    const sub = item.pk.slice(`${controller}#link#`.length)
    return [{ ...own, type: kind === 'link' ? 'link.made' : 'link.ended', sub }]
  }
  return kind === 'policy' ? policyMessages(leaf, item.sk) : []
}

function policyMessages({ loggedAt, item }: WalkedLeaf, sk: string): readonly MessageContent[] {
  const [what, version] = sk.split('#')
  const policyId = item?.pk.split('#')[2]
  if (policyId === undefined || version === undefined) return []
  const type = what === 'retracted' ? 'policy.retracted' : 'policy.published'
  const { effectiveFrom } = what === 'version' ? recordOf(item) : {}
  const fat = typeof effectiveFrom === 'string' ? { fat: { effectiveFrom } } : {}
  return [{ type, part: 0, at: loggedAt, policyId, version, ...fat }]
}

function recordOf(item: WalkedLeaf['item']): { effectiveFrom?: unknown } {
  try {
    return JSON.parse(String(item?.values.record))
  } catch {
    return {}
  }
}

/** One of each decision, also of an event that is not announced itself. */
export function decisionMessages(
  { key }: Pick<WalkedLeaf, 'key'>,
  event: RecordedEvent,
  snapshot: ControllerSnapshot,
): readonly MessageContent[] {
  const { decisions } = acknowledgementOf({ receiptId: receiptIdOf(key), event }, (topic) => policyFor(snapshot, topic))
  const { occurredAt, recordedAt, effectiveAt } = event.times
  return event.decisions.map((decision, part) => {
    const history = policyFor(snapshot, decision)
    const link = event.link.find(({ policyId }) => policyId === history?.policyId)
    const version = link?.shown ?? link?.inForce
    const purpose = purposeOf(decision, link, snapshot)
    const { effect } = decisions[part] ?? {}
    return {
      ...{ type: typeOfVerb[decision.verb], part, at: recordedAt, sub: key.pk.slice(key.pk.indexOf('#') + 1) },
      ...(decision.purposeId !== undefined && { purposeId: decision.purposeId }),
      ...(history && { policyId: history.policyId }),
      ...(version !== undefined && { version }),
      ...(purpose && { regime: { jurisdiction: purpose.jurisdiction, legalBasis: purpose.legalBasis } }),
      ...(effect !== undefined && { effect }),
      fat: {
        identifier: event.identity,
        verb: decision.verb,
        target: targetId(decision),
        ...{ occurredAt, recordedAt, effectiveAt, site: event.site, assurance: event.who.assurance },
        actor: event.who.actor.role,
        ...(event.how.channel !== undefined && { channel: event.how.channel }),
        ...(link && { grade: link.grade }),
      },
    }
  })
}

/** As the version declares it that the decision was linked to; otherwise as it was declared last. */
function purposeOf(
  { purposeId }: RecordedDecision,
  link: PolicyLink | undefined,
  { policies, purposes }: ControllerSnapshot,
): Purpose | undefined {
  if (purposeId === undefined) return undefined
  const history = link && policies.get(link.policyId)
  const version = link?.shown ?? link?.inForce
  const linked = history && version !== undefined ? findVersion(history, version) : undefined
  return findPurpose(linked, purposeId) ?? purposes.get(purposeId)?.purpose
}
