/** Reads that a c15t client makes for its own person: what to ask, and what is recorded of its subjectId. */
import { inForce } from '../../shared/consent/policy.ts'
import { timestamp } from '../../shared/ledger/ledger.ts'
import { issueNoticeToken } from '../../shared/ledger/recording/notice-token.ts'
import { deviceIdentity, siteOf } from '../http/access.ts'
import { type Answer, type Call, header, ok, parseQuery, parseWith, pathParameter } from '../http/call.ts'
import { textIn } from '../http/language.ts'
import { bannerWords } from './banner-words.ts'
import { initAnswer } from './init.ts'
import { askedCategories, categoryNames } from './names.ts'
import { c15tRefusal } from './refusal.ts'
import { subjectId, subjectQuery } from './schemas.ts'

/** The c15t release that the tests run against. */
const clientVersion = '2.2.1'

export const c15tReads = {
  async c15tInit(call: Call): Promise<Answer> {
    const { snapshot, site } = await siteOf(call)
    const { clock } = call.instance.ledger
    const at = timestamp(clock)
    const asked = header(call, 'accept-language')
    const wanted = `${asked ?? ''},${bannerWords(asked).language}`
    const names = categoryNames(snapshot, site.c15t, at)
    const questions = names ? askedCategories(snapshot, names, at) : []
    const version = names && inForce(names.policy, at)
    const text = version && textIn(version, wanted)
    const policySnapshotToken =
      version &&
      text &&
      issueNoticeToken(snapshot.secrets, {
        controller: snapshot.controller.controller,
        site: site.site,
        policyId: version.policyId,
        version: version.version,
        locale: text.locale,
        textSha256: text.sha256,
        issuedAtMs: clock(),
      })
    return ok(initAnswer({ snapshot, names, questions, wanted, policySnapshotToken }))
  },

  async c15tStatus(call: Call): Promise<Answer> {
    await siteOf(call)
    // Nothing about the caller is returned.
    const client = { ip: null, acceptLanguage: null, userAgent: null, region: { countryCode: null, regionCode: null } }
    return ok({ version: clientVersion, timestamp: timestamp(call.instance.ledger.clock), client })
  },

  async c15tSubject(call: Call): Promise<Answer> {
    const { snapshot, site } = await siteOf(call)
    const id = parseWith(subjectId, pathParameter(call, 'subjectId'))
    const { type: wanted } = parseQuery(call, subjectQuery)
    const { ledger } = call.instance
    // Loaded when first used: few controllers have c15t clients, and the bundle has a budget for what is loaded at start.
    const [{ publicationsUnreadable, readEvents, unreadableMember }, { consentState, listConsents, maxConsents }] =
      await Promise.all([import('../../shared/ledger/answers/answers-for-subject.ts'), import('./consents.ts')])
    const at = timestamp(ledger.clock)
    const names = categoryNames(snapshot, site.c15t, at)
    const read = names && (await readEvents(ledger, snapshot, deviceIdentity(id), at))
    if (names === undefined || read === undefined || read.opened.length === 0) {
      const message = 'nothing was recorded of this subject, or nothing can be opened any more'
      return { statusCode: 404, body: c15tRefusal('SUBJECT_NOT_FOUND', message, 404) }
    }
    const { opened: events, unreadable } = read
    const all = listConsents(events, snapshot, names, at)
    const consents = all.filter(({ type }) => wanted === undefined || wanted.includes(type))
    const types = wanted ?? [...new Set(all.map(({ type }) => type))]
    return ok({
      subject: { id, createdAt: events.map(({ event }) => event.times.recordedAt).sort()[0] },
      consents: consents.slice(0, maxConsents),
      isValid: types.every((type) => consentState(type, { members: [{ read }] }, snapshot, names, at).hasConsent),
      ...unreadableMember([...unreadable, ...publicationsUnreadable(snapshot)]),
    })
  },
}
