/** The commands that record a first event, ask for its proof and verify it: printed by `npm start` and `npm run publish`. */
import { deviceIdentity } from '../../functions/http/access.ts'
import { localAuditor } from './local-auditors.ts'

export interface FirstProof {
  readonly url: string
  readonly dataFolder: string
  readonly controller: string
  readonly siteKey: string
  /** The purpose to ask about. */
  readonly purposeId: string
  readonly deviceSecret: string
  /** Verifier keys of the log and of its witness: `name+hash+base64`. */
  readonly keys: readonly string[]
  /** The event without its subject. */
  readonly event: object
}

/** Sentences and commands by turns. They hold no credential but the publishable key, because what a service prints ends up in logs. */
export function firstProofCommands(first: FirstProof): readonly string[] {
  const { url, dataFolder, controller, siteKey, purposeId, deviceSecret, keys, event } = first
  const { eventId, ...content } = { eventId: undefined, ...event }
  const sent = { eventId, subject: { deviceSecret, new: true }, ...content }
  const question = { controller, subject: deviceIdentity(deviceSecret), purposeId }
  const token = `npm run --silent token -- --scope consent.audit --controller ${controller} --subject ${localAuditor(controller)} --data '${dataFolder}'`
  return [
    'Post an event:',
    `curl -s '${url}/v1/events?key=${siteKey}' -H 'content-type: application/json' -d '${JSON.stringify(sent)}'`,
    'Ask for the proof, as an auditor (npm run token makes the token; the answer waits until the log has the event):',
    `curl -s '${url}/v1/audit/proofs' -H "authorization: Bearer $(${token})" -H 'content-type: application/json' -d '${JSON.stringify(question)}' > proof.json`,
    'Verify it offline, with only the keys of the log and of its witness:',
    `npx consent-ledger verify proof.json ${keys.map((key) => `--key '${key}'`).join(' ')}`,
  ]
}
