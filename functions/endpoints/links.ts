/**
 * Links two subjects of one person, and ends links. The function that answers these routes inserts links and the keys of people, and can
 * record no event. A person's link needs the credentials of both sides in one request: the account's token and the device's secret.
 */
import { linkRequest, operatorLink, operatorUnlink, shownTexts, unlinkRequest } from '../../shared/api/schemas/links.ts'
import { LedgerError } from '../../shared/errors.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import { timestamp } from '../../shared/ledger/ledger.ts'
import { gradeLinkNotice, type LinkNotice } from '../../shared/ledger/links/link-notice.ts'
import { endLink, type LinkDraft, type LinkResult, makeLink, type Side } from '../../shared/ledger/links/make-link.ts'
import { identified, recordable } from '../../shared/ledger/vault/checked-identity.ts'
import { controllerInBody, deviceSubject, siteOf, subjectOf } from '../http/access.ts'
import { type Answer, type Call, type Endpoint, parseBody } from '../http/call.ts'
import { admitController } from '../http/rate-limits.ts'

export const linkEndpoints = {
  async linkOwn(call) {
    const { snapshot, site } = await siteOf(call)
    const account = await subjectOf(call, snapshot)
    if (account.assurance !== 'authenticated')
      throw new LedgerError('unauthenticated', 'the account proves itself by its token, and the device by its secret', {
        field: 'authorization',
        allowed: 'Bearer <token of the controller’s identity provider>',
      })
    const { deviceSecret, requestId, shown, ...notice } = parseBody(call, linkRequest)
    const device = deviceSubject(call, snapshot, deviceSecret)
    admitController(call, snapshot)
    const sides: [Side, Side] = [
      { identity: device.identity, proof: 'device-secret' },
      { identity: account.identity, proof: 'token' },
    ]
    return link(call, snapshot, sides, { requestId, ...notice, shown: shownTexts(shown) }, site.site)
  },

  async unlinkOwn(call) {
    const { snapshot } = await siteOf(call)
    const { identity, assurance } = await subjectOf(call, snapshot)
    const { linkId, requestId } = parseBody(call, unlinkRequest)
    admitController(call, snapshot)
    const proof = assurance === 'anonymous' ? 'device-secret' : 'token'
    return answer(await endLink(call.instance.ledger, snapshot, { identity, proof }, linkId, { requestId }))
  },

  async linkIdentifiers(call) {
    const { snapshot } = await controllerInBody(call, operatorScope)
    const { controller: _, subjects, shown, ...draft } = parseBody(call, operatorLink)
    const [one, other] = subjects
    const sides: [Side, Side] = [
      { identity: await recordable(one, snapshot, '/subjects/0/id'), proof: 'operator' },
      { identity: await recordable(other, snapshot, '/subjects/1/id'), proof: 'operator' },
    ]
    return link(call, snapshot, sides, { ...draft, shown: shownTexts(shown) })
  },

  async unlinkIdentifiers(call) {
    const { snapshot } = await controllerInBody(call, operatorScope)
    const { controller: _, subject, linkId, ...draft } = parseBody(call, operatorUnlink)
    const side = { identity: await identified(subject, snapshot, '/subject/id'), proof: 'operator' } as const
    return answer(await endLink(call.instance.ledger, snapshot, side, linkId, draft))
  },
} satisfies Record<string, Endpoint>

/** That of the operator's events. */
const operatorScope = 'consent.write'

async function link(
  call: Call,
  snapshot: ControllerSnapshot,
  sides: [Side, Side],
  draft: Pick<LinkDraft, 'requestId' | 'ground'> & LinkNotice,
  site?: string,
): Promise<Answer> {
  const { ledger } = call.instance
  const identities = sides.map(({ identity }) => identity)
  const known = await snapshotWith(call, snapshot, draft.shown ?? [])
  const shown = gradeLinkNotice(known, draft, identities, timestamp(ledger.clock), site)
  return answer(await makeLink(ledger, known, sides, { ...draft, shown }), shown)
}

/** Read again when it lacks a policy or version that the request names, because absence is never cached. */
async function snapshotWith(
  call: Call,
  snapshot: ControllerSnapshot,
  shown: NonNullable<LinkNotice['shown']>,
): Promise<ControllerSnapshot> {
  const lacks = shown.some((reference) => {
    if (reference.policyId === undefined) return false
    const { policyId, version } = reference
    const versions = snapshot.policies.get(policyId)?.versions
    return versions === undefined || (version !== undefined && !versions.some((each) => each.version === version))
  })
  const { controllers } = call.instance.ledger
  return lacks ? ((await controllers.current(snapshot.controller.controller)) ?? snapshot) : snapshot
}

function answer({ isNew, ...result }: LinkResult, shown?: LinkDraft['shown']): Answer {
  return { statusCode: isNew ? 201 : 200, body: { ...result, ...(shown && { shown }) } }
}
