/** Grades the texts that explained a link, as those of an event are graded, and refuses texts that were never published. */
import type { ClientEvent } from '../../consent/client-event.ts'
import type { Identity, PolicyLink } from '../../consent/event.ts'
import { inForce } from '../../consent/policy.ts'
import { linksOf, presentationNamed } from '../../consent/recording.ts'
import { LedgerError } from '../../errors.ts'
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import { openNoticeToken, subjectBinding } from '../recording/notice-token.ts'

export interface LinkNotice {
  readonly shown?: ClientEvent['shown']
  readonly presentationId?: string
}

/**
 * @param sides both subjects: a notice token may be bound to either
 * @param site absent for the operator, whose notice tokens are no evidence
 * @throws `unknown-policy` when a text or the first layer is not one that was published
 */
export function gradeLinkNotice(
  snapshot: ControllerSnapshot,
  { shown = [], presentationId }: LinkNotice,
  sides: readonly Identity[],
  at: string,
  site = '',
): PolicyLink[] {
  const { controller } = snapshot.controller
  const claims = shown.flatMap(({ noticeToken }) => {
    if (noticeToken === undefined) return []
    const opened = sides.flatMap((identity) => {
      const expected = { controller, site, subject: subjectBinding(controller, identity) }
      return openNoticeToken(snapshot.secrets, noticeToken, expected) ?? []
    })
    return opened.find(({ servedTo }) => servedTo !== 'another-subject') ?? opened.slice(0, 1)
  })
  const links = linksOf(snapshot, { decisions: [], shown }, at, claims, inForce)
  const isKnown = links.every(({ grade }) => grade !== 'unmatched' && grade !== 'assumed')
  if (!isKnown || links.length < shown.length)
    throw new LedgerError('unknown-policy', 'a text that was shown to explain the link was never published', {
      field: '/shown',
      allowed: 'texts that were published: by notice token, hash, or version with one of its locales',
    })
  if (presentationId !== undefined && presentationNamed(snapshot, presentationId) === undefined)
    throw new LedgerError('unknown-policy', 'no first layer of this name was published', { field: '/presentationId' })
  return links
}
