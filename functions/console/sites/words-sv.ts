/** The Swedish words of the page Sites. */
import type { Translated } from '../shell/language.ts'
import type { english } from './words-en.ts'

export const swedish: Translated<typeof english> = {
  introduction:
    'En webbplats har en nyckel som dess sidor antecknar beslut med. Nyckeln kan vara offentlig: den kan skriva, men läser inget om någon.',
  sites: 'Era webbplatser, appar och tjänster',
  site: 'Webbplats',
  name: 'Namn',
  id: 'Id',
  kind: 'Slag',
  key: 'Nyckel',
  keyOf: 'nyckeln till {site}',
  origins: 'Webbadresser',
  originsHint:
    'Adresser vars sidor får använda nyckeln, en på varje rad, till exempel https://www.example.org. Tomt för appar och tjänster.',
  noOrigins: 'Inga',
  notAnOrigin: '”{given}” ska vara bara protokoll, värdnamn och eventuell port, till exempel https://www.example.org.',
  wildcard:
    '”{given}” har ett jokertecken: det släpper in underdomäner som andra råder över. Ange varje adress för sig.',
  tooManyOrigins: 'Högst {most} adresser.',
  state: 'Läge',
  inUse: 'I bruk',
  revokedAt: 'Återkallad {at}',
  noSites: 'Ni har ingen webbplats än. Skapa en här nedanför.',
  newSite: 'En ny webbplats',
  needsName: 'Ge den ett namn.',
  siteTaken: 'Det finns redan en webbplats med det id:t.',
  create: 'Skapa webbplatsen',
  created: 'Webbplatsen {site} är skapad',
  createdNext: 'Det här är nyckeln till skripttaggen på dess sidor:',
  changeOrigins: 'Ändra adresser',
  originsOf: 'Webbadresser för {site}',
  lost: 'Sidor på dessa adresser kan då inte längre anteckna något: {origins}',
  save: 'Spara adresserna',
  cancel: 'Avbryt',
  changed: 'Webbadresserna för {site} är ändrade',
  revoke: 'Återkalla',
  revokeTitle: 'Återkalla {site}',
  revokeMeans:
    'Nyckeln avvisas för alltid, och sidorna kan inte anteckna något mer, inte heller återtaganden. Det som är antecknat finns kvar och räknas. Det går inte att ångra.',
  revoked: 'Webbplatsen {site} är återkallad',
  withinSeconds: 'Det får verkan inom 30 sekunder.',
}
