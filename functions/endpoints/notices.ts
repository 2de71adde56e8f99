/** What a page shows its visitor: the notice in force, and what the visitor's decisions amount to. */
import { noticeQuery, ownConsentsQuery } from '../../shared/api/schemas/queries.ts'
import { inForce } from '../../shared/consent/policy.ts'
import { LedgerError } from '../../shared/errors.ts'
import { timestamp } from '../../shared/ledger/ledger.ts'
import { issueNoticeToken, noticeLifetimeMs, subjectBinding } from '../../shared/ledger/recording/notice-token.ts'
import { optionalSubjectOf, secondDeviceOf, siteOf, subjectOf } from '../http/access.ts'
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
    const noticeToken = issueNoticeToken(snapshot.secrets, {
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
      text: { ...text, text: await textOf(ledger, text.sha256) },
      presentations: history.presentations,
      noticeToken,
      noticeTokenExpiresAt: new Date(issuedAtMs + noticeLifetimeMs).toISOString(),
    })
  },

  async getOwnConsents(call) {
    const { snapshot } = await siteOf(call)
    const { identity, assurance } = await subjectOf(call, snapshot)
    const { ledger } = call.instance
    const now = timestamp(ledger.clock)
    const { at = now, knownAt = now } = parseQuery(call, ownConsentsQuery)
    refuseFuture(knownAt, now)
    const asked = { at, knownAt, askedAt: now }
    // Loaded when first used, because most calls of this function read what is published.
    const [{ allTopics }, { askStatuses }] = await Promise.all([
      import('../../shared/ledger/answers/answers-for-subject.ts'),
      import('../../shared/ledger/answers/statuses-for-subject.ts'),
    ])
    const topics = allTopics(snapshot)
    // A device secret alone is somebody who is not logged in: nothing of an account counts then, and no link is looked for.
    if (assurance === 'anonymous')
      return answerInLanguage(call, { at, knownAt, ...(await askStatuses(ledger, snapshot, identity, topics, asked)) })
    const device = secondDeviceOf(call, snapshot)
    const { askStatusesWithJoint, deviceBeside } = await import('../../shared/ledger/answers/joint-answers.ts')
    const [account, beside] = await Promise.all([
      askStatusesWithJoint(ledger, snapshot, identity, topics, asked),
      device && deviceBeside(ledger, snapshot, [device.identity, identity], topics, asked),
    ])
    return answerInLanguage(call, { at, knownAt, ...account, ...(beside && { device: beside }) })
  },
} satisfies Record<string, Endpoint>
