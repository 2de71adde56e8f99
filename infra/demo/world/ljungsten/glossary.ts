/** The words of Ljungsten's policies, as the controller defines them. */

import type { ControllerDraft } from '../draft.ts'

export const glossary: ControllerDraft['glossary'] = [
  entry(
    ['personuppgifter', 'allt som direkt eller indirekt kan knytas till en levande person'],
    ['personal data', 'anything that can be tied, directly or indirectly, to a living person'],
  ),
  entry(
    ['avidentifierade uppgifter', 'uppgifter där allt som pekar ut en person är borttaget eller utbytt'],
    ['de-identified data', 'data from which all that points to a person has been removed or replaced'],
  ),
  entry(
    ['aggregerade uppgifter', 'sammanräknade uppgifter om många, ur vilka ingen enskild går att utläsa'],
    ['aggregated data', 'figures counted over many people, from which no individual can be read'],
  ),
  entry(
    ['onlineuppgifter', 'det som samlas in när du använder webbplatsen eller apparna'],
    ['online data', 'what is collected when you use the website or the apps'],
  ),
  entry(
    ['andra uppgifter', 'det som vi har fått på annat sätt, till exempel fakturor och uppgifter från kreditupplysning'],
    ['other data', 'what we have obtained otherwise, such as invoices and credit information'],
  ),
  entry(
    ['IP-adress', 'det nummer som en enhet har på internet; vi kapar det innan vi sparar det'],
    ['IP address', 'the number that a device has on the internet; we truncate it before we store it'],
  ),
  entry(
    [
      'cookies och liknande teknik',
      'små filer, pixlar, lokal lagring och annat som sparas på eller läses från din enhet',
    ],
    [
      'cookies and similar technology',
      'small files, pixels, local storage and more that is kept on or read from a device',
    ],
  ),
  entry(
    ['borgenär', 'den som har en fordran och har gett oss i uppdrag att driva in den'],
    ['creditor', 'the one to whom a debt is owed and who has asked us to collect it'],
  ),
  entry(['gäldenär', 'den som kravet riktas mot'], ['debtor', 'the one to whom the demand is addressed']),
  entry(
    ['tredje man', 'den som berörs av ett ärende utan att vara part, till exempel en god man eller borgensman'],
    ['third party', 'someone touched by a case without being a party to it, such as a guardian or a guarantor'],
  ),
  entry(
    ['tjänsteleverantör', 'ett företag som behandlar uppgifter för vår räkning och enligt våra instruktioner'],
    ['service provider', 'a company that processes data on our behalf and on our instructions'],
  ),
  entry(
    ['samarbetspartner', 'ett företag som vi har avtal med och som själv ansvarar för de uppgifter det får'],
    ['partner', 'a company with which we have an agreement and which itself answers for the data that it gets'],
  ),
  entry(
    ['koncernen', 'bolagen i Ljungsten Group, i Sverige, Finland, Indien och USA'],
    ['the group', 'the companies of Ljungsten Group, in Sweden, Finland, India and the USA'],
  ),
]

function entry(
  swedish: readonly [string, string],
  english: readonly [string, string],
): ControllerDraft['glossary'][number] {
  return { term: { 'sv-SE': swedish[0], en: english[0] }, meaning: { 'sv-SE': swedish[1], en: english[1] } }
}
