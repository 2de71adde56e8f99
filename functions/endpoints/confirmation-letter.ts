/** The letter that asks a person to confirm, in Swedish or English: all that a program needs that sends it. */
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import type { Letter } from '../../shared/ledger/letters/letter-outbox.ts'
import type { LetterFacts } from '../../shared/ledger/letters/request-confirmation.ts'
import { type Reader, titleOf } from './opened-letter.ts'

export function confirmationLetter(
  baseUrl: string,
  snapshot: Pick<ControllerSnapshot, 'controller' | 'purposes'>,
  { id, token, expiresAt, purposes: asked }: LetterFacts,
  { to, language: { language, say } }: { readonly to: string; readonly language: Reader },
): Letter {
  const titled = asked.map((purposeId) => ({ purposeId, title: titleOf(snapshot, purposeId, language) }))
  const titles = titled.map(({ title }) => title).join(', ')
  const { controller, name } = snapshot.controller
  const url = `${baseUrl}/v1/confirmations/${token}`
  const paragraphs = [
    say(
      `Någon, förhoppningsvis du, har bett ${name} om detta till den här adressen: ${titles}.`,
      `Someone, we hope it was you, asked ${name} for this at this address: ${titles}.`,
    ),
    say(
      'Vill du ha det öppnar du länken inom två dygn och trycker på knappen där. Annars behöver du inte göra något.',
      'If you want it, open the link within two days and press the button there. Otherwise you do not need to do anything.',
    ),
    url,
  ]
  return {
    id,
    kind: 'confirmation',
    controller: { id: controller, name },
    to,
    language,
    purposes: titled,
    url,
    expiresAt,
    subject: say(`Bekräfta: ${titles}`, `Please confirm: ${titles}`),
    text: `${paragraphs.join('\n\n')}\n`,
  }
}
