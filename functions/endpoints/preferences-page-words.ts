/** The words of the hosted preference centre around the choices, which are in `pages/words-en.ts` and `pages/words-sv.ts`. */
import type { PageLanguage } from '../public/page-frame.ts'

const english = {
  ownName: 'English',
  title: 'Your privacy choices',
  description: (controller: string) => `What ${controller} may do with your data: see and change what you decided.`,
  backTo: (host: string) => `← Back to ${host}`,
  responsible: 'Responsible:',
  contact: 'Contact:',
  officer: 'Data protection officer:',
  complain: 'You may complain to',

  noScript:
    'Your choices can be shown only with JavaScript: what your browser is known by stays on your device, and only a script can read it there. Nothing that needs your yes is done before you have given it.',
  decideTitle: 'How to decide without JavaScript',
  decideByContact: 'Write and say no, take back a yes, or object. Name the website, so that your choice is found:',
  decideByClearing:
    'Delete the website’s cookies and stored data in your browser. It is then as if you had never answered, and you are asked anew.',
  decideElsewhere: 'Open this page in a browser with JavaScript. It runs the ledger’s own script only, and no other.',
  policiesTitle: 'The policies',

  noSite: 'No website belongs to this address',
  noSiteWhy: 'The address has no key of a website, or one that the ledger does not know or no longer takes.',
  noSiteWhatToDo: 'Go back to the website that you came from, and follow its link to your privacy choices.',
}

export type HostedWords = typeof english

const swedish: HostedWords = {
  ownName: 'Svenska',
  title: 'Dina integritetsval',
  description: (controller) => `Vad ${controller} får göra med dina uppgifter: se och ändra det du har valt.`,
  backTo: (host) => `← Tillbaka till ${host}`,
  responsible: 'Ansvarig:',
  contact: 'Kontakt:',
  officer: 'Dataskyddsombud:',
  complain: 'Du kan klaga hos',

  noScript:
    'Dina val kan bara visas med JavaScript: det som din webbläsare är känd under finns bara på din enhet, och bara ett skript kan läsa det där. Inget som kräver ditt ja görs innan du har gett det.',
  decideTitle: 'Så bestämmer du utan JavaScript',
  decideByContact:
    'Skriv och säg nej, ta tillbaka ett ja eller invänd. Ange webbplatsen, så att ditt val går att hitta:',
  decideByClearing:
    'Radera webbplatsens cookies och lagrade uppgifter i din webbläsare. Då är det som om du aldrig hade svarat, och du får frågan på nytt.',
  decideElsewhere: 'Öppna sidan i en webbläsare med JavaScript. Den kör bara registrets eget skript och inget annat.',
  policiesTitle: 'Policyerna',

  noSite: 'Ingen webbplats hör till den här adressen',
  noSiteWhy:
    'Adressen saknar en webbplats nyckel, eller har en som registret inte känner till eller inte längre godtar.',
  noSiteWhatToDo: 'Gå tillbaka till webbplatsen som du kom från, och följ länken till dina integritetsval där.',
}

export const hostedWords: Readonly<Record<PageLanguage, HostedWords>> = { en: english, sv: swedish }
