/**
 * `PUT legal-documents/:type/current`. In c15t it makes a version current at once, by name and hash. In the ledger a version has texts and
 * is published with the date on which it comes into force. So this route publishes nothing: it returns the state of a published release,
 * and for any other 409 with the route that publishes.
 */
import { inForce, succession } from '../../shared/consent/policy.ts'
import { timestamp } from '../../shared/ledger/ledger.ts'
import { controllerFor, siteOf } from '../http/access.ts'
import { type Answer, type Call, ok, parseBody, parseWith, pathParameter } from '../http/call.ts'
import { sha256In } from './decision.ts'
import { categoryNames } from './names.ts'
import { c15tRefusal } from './refusal.ts'
import { consentType, release } from './schemas.ts'

export const c15tLegalDocuments = {
  async c15tRelease(call: Call): Promise<Answer> {
    const { site, snapshot: known } = await siteOf(call)
    const { controller } = known.controller
    await controllerFor(call, controller, 'consent.admin')
    const type = parseWith(consentType, pathParameter(call, 'type'))
    const { version: name, hash } = parseBody(call, release)
    const snapshot = (await call.instance.ledger.controllers.current(controller)) ?? known
    const at = timestamp(call.instance.ledger.clock)
    const history = categoryNames(snapshot, site.c15t, at)?.documentOf(type)
    const sha256 = sha256In(hash)
    const published = history && succession(history).filter(({ texts }) => texts.some((text) => text.sha256 === sha256))
    const version = published?.find((each) => each.version === name) ?? published?.at(-1)
    if (history === undefined || version === undefined) {
      const where = `/v1/controllers/${controller}/policies/${history?.policyId ?? '{policyId}'}/versions`
      const message = `no published version of this document has a text with this hash; publish it, with its texts and its date: POST ${where}`
      return { statusCode: 409, body: c15tRefusal('LEGAL_DOCUMENT_RELEASE_CONFLICT', message, 409) }
    }
    return ok({
      policy: {
        id: `${version.policyId}@${version.version}`,
        type,
        version: version.version,
        hash: sha256,
        effectiveDate: version.notBefore,
        isActive: inForce(history, at) === version,
      },
    })
  },
}
