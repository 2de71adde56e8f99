/**
 * `identify` of a c15t client: links the device of the `subjectId` with the account, when the client sends that account's token. The
 * `subjectId` proves the device, as the secret of one does. c15t does not say what the person was shown, so a link needs a first layer with the
 * name `account-link` that the controller has published and shows where people log in; without it nothing is linked.
 *
 * Always 200: the client would repeat anything else with every page.
 */
import { inForce } from '../../shared/consent/policy.ts'
import { presentationNamed } from '../../shared/consent/recording.ts'
import { LedgerError } from '../../shared/errors.ts'
import { hashedUuid } from '../../shared/hashed-uuid.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import { timestamp } from '../../shared/ledger/ledger.ts'
import { type LinkDraft, makeLink } from '../../shared/ledger/links/make-link.ts'
import { deviceIdentity, siteOf } from '../http/access.ts'
import { type Answer, type Call, ok, parseBody, parseWith, pathParameter } from '../http/call.ts'
import { admitController, admitSubject } from '../http/rate-limits.ts'
import { provenAccount } from './proven-account.ts'
import { identification, subjectId } from './schemas.ts'

/** Name of the first layer that says what linking does. */
const presentationId = 'account-link'

const reasons = {
  linked: 'This device and the account are linked: a later no on either counts for both while the person is signed in.',
  unlinked: 'This device and the account were linked and have been parted since. A page can link them anew.',
  unproven: 'Nothing was linked: send a token of the controller’s identity provider whose subject is this externalId.',
  noText: `Nothing was linked: the controller has published no first layer with the name ${presentationId}, which says what linking does.`,
  tooMany: 'Nothing was linked: this device or the account has as many links as it may have.',
}

export const c15tLinking = {
  async c15tIdentify(call: Call): Promise<Answer> {
    const { snapshot } = await siteOf(call)
    const id = parseWith(subjectId, pathParameter(call, 'subjectId'))
    const { externalId } = parseBody(call, identification)
    const account = await provenAccount(call, snapshot, externalId)
    if (account === undefined) return answer(id, undefined, 'unproven')
    const notice = noticeIn(snapshot, timestamp(call.instance.ledger.clock))
    if (notice === undefined) return answer(id, externalId, 'noText')
    admitController(call, snapshot)
    const device = deviceIdentity(id)
    admitSubject(call, snapshot.controller.controller, device)
    const sides = [
      { identity: device, proof: 'device-secret' },
      { identity: account, proof: 'token' },
    ] as const
    // The same device and account are one request, however often the client identifies: after an unlinking it does not link again.
    const requestId = hashedUuid(JSON.stringify(['link', id, account.id]))
    try {
      const { stands } = await makeLink(call.instance.ledger, snapshot, sides, { requestId, ...notice })
      return answer(id, externalId, stands ? 'linked' : 'unlinked')
    } catch (error) {
      if (error instanceof LedgerError && error.code === 'limit-reached') return answer(id, externalId, 'tooMany')
      throw error
    }
  },
}

/** The text that the first layer belongs to; `undefined` without both. */
function noticeIn(snapshot: ControllerSnapshot, at: string): Pick<LinkDraft, 'shown' | 'presentationId'> | undefined {
  const presented = presentationNamed(snapshot, presentationId)
  const history = presented && snapshot.policies.get(presented.policyId)
  const version = history && inForce(history, at)?.version
  if (history === undefined || version === undefined) return undefined
  return {
    shown: [{ policyId: history.policyId, inForce: version, shown: version, grade: 'asserted' }],
    presentationId,
  }
}

function answer(id: string, externalId: string | undefined, reason: keyof typeof reasons): Answer {
  const success = reason === 'linked'
  return ok({ success, subject: { id, ...(externalId !== undefined && { externalId }) }, reason: reasons[reason] })
}
