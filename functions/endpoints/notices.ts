/** What a page shows its visitor: the notice in force, and what the visitor's decisions amount to. */
import { noticeQuery, ownConsentsQuery } from '../../shared/api/schemas/queries.ts'
import { inForce } from '../../shared/consent/policy.ts'
import { LedgerError } from '../../shared/errors.ts'
import { allTopics, askStatuses } from '../../shared/ledger/answers-for-subject.ts'
import { timestamp } from '../../shared/ledger/ledger.ts'
import { issueNoticeToken, noticeLifetimeMs, subjectBinding } from '../../shared/ledger/notice-token.ts'
import { optionalSubjectOf, siteOf, subjectOf } from '../http/access.ts'
import { type Endpoint, header, ok, parseQuery, refuseFuture } from '../http/call.ts'
import { textIn } from '../http/language.ts'
import { policyHistoryIn, publicController, textOf } from './policies.ts'
import { answerInLanguage } from './swedish-statuses.ts'

export const noticeEndpoints = {
  async getNotice(call) {
    const { snapshot, site } = await siteOf(call)
    const { locale } = parseQuery(call, noticeQuery)
    const { ledger } = call.instance
    const subject = await optionalSubjectOf(call, snapshot)
    const { controller } = snapshot.controller
    const history = await policyHistoryIn(call, snapshot)
    const version = inForce(history, timestamp(ledger.clock))
    if (version === undefined) throw new LedgerError('not-found', 'no version of this policy is in force yet')
    const text = textIn(version, [locale, header(call, 'accept-language')].filter(Boolean).join(','))
    const issuedAtMs = ledger.clock()
    const noticeToken = issueNoticeToken(snapshot.secrets.noticeKey, {
      controller,
      site: site.site,
      policyId: version.policyId,
      version: version.version,
      locale: text.locale,
      textSha256: text.sha256,
      issuedAtMs,
      subject: subject && subjectBinding(controller, subject.identity),
    })
    return ok({
      controller: publicController(snapshot),
      ...version,
      text: { ...text, text: await textOf(call.instance.ledger.objects, text.sha256) },
      presentations: history.presentations,
      noticeToken,
      noticeTokenExpiresAt: new Date(issuedAtMs + noticeLifetimeMs).toISOString(),
    })
  },

  async getOwnConsents(call) {
    const { snapshot } = await siteOf(call)
    const { identity } = await subjectOf(call, snapshot)
    const now = timestamp(call.instance.ledger.clock)
    const { at = now, knownAt = now } = parseQuery(call, ownConsentsQuery)
    refuseFuture(knownAt, now)
    const statuses = await askStatuses(call.instance.ledger, snapshot, identity, allTopics(snapshot), {
      at,
      knownAt,
      askedAt: now,
    })
    return answerInLanguage(call, { at, knownAt, ...statuses })
  },
} satisfies Record<string, Endpoint>
