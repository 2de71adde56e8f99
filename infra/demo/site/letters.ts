/**
 * Sends the site's letters and makes their links. A link's token is only in its letter: pages and logs do not contain it, and the records
 * hold its hash. Both kinds of link open a page that asks before anything happens, because mail programs open links by themselves.
 */
import type { Words } from './language.ts'
import { nowOf, type Site } from './site.ts'

export async function sendConfirmation(site: Site, email: string, words: Words): Promise<void> {
  const { say, to, language } = words
  const sentAt = nowOf(site)
  const token = site.records.newLink({ does: 'confirm', email, sentAt })
  site.records.letters.push({
    to: email,
    sentAt,
    language,
    subject: say('Bekräfta att du vill ha vårt nyhetsbrev', 'Confirm that you want our newsletter'),
    paragraphs: [
      say(
        'Någon, förhoppningsvis du, har bett om vårt nyhetsbrev till den här adressen.',
        'Someone, we hope it was you, asked for our newsletter at this address.',
      ),
      say(
        'Vill du ha det öppnar du länken inom två dygn. Annars behöver du inte göra något.',
        'If you want it, open the link within two days. Otherwise you do not need to do anything.',
      ),
    ],
    link: { label: say('Bekräfta adressen', 'Confirm the address'), path: to('/newsletter/confirm', { token }) },
  })
  await site.records.save()
}

export async function sendWelcome(site: Site, email: string, words: Words): Promise<void> {
  const { say, to, language } = words
  const sentAt = nowOf(site)
  const token = site.records.newLink({ does: 'unsubscribe', email, sentAt })
  const path = to('/newsletter/unsubscribe', { token })
  site.records.letters.push({
    to: email,
    sentAt,
    language,
    subject: say('Ljungstens nyhetsbrev: räntan i höst', 'Ljungsten’s newsletter: interest rates this autumn'),
    paragraphs: [
      say(
        'Välkommen. Så här räknar du dröjsmålsränta när referensräntan har ändrats.',
        'Welcome. This is how to calculate penalty interest when the reference rate has changed.',
      ),
      say('Vill du inte ha fler brev använder du länken nedan.', 'If you want no more of these, use the link below.'),
    ],
    link: { label: say('Avsluta nyhetsbrevet', 'Unsubscribe'), path },
    unsubscribe: path,
  })
  await site.records.save()
}
