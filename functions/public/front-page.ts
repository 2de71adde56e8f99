/** The front page, `/`: what a ledger is, and where to go. */
import { type Html, html } from './html.ts'
import { type PageLanguage, pageFrame } from './page-frame.ts'

export interface NamedController {
  readonly controller: string
  /** For people. */
  readonly name: string
}

/** @param controllers those that the ledger's operator has made public */
export function frontPage(language: PageLanguage, controllers: readonly NamedController[]): Html {
  const words = wordsOf[language]
  const isListed = controllers.length > 0
  const ways = {
    console: html`${action('/console/', words.openConsole)}${list(link('/console/#/proof', words.getProof))}`,
    verify: html`${action('/console/#/verify', words.verifyHere)}<p>${words.verifyCommand}</p>
<pre><code>npx consent-ledger verify proof.json \\
  --policy keys.txt</code></pre>`,
    preferences: html``,
    policies: isListed
      ? list(...controllers.map(({ controller, name }) => link(`/policies/${controller}?lang=${language}`, name)))
      : html`${patterns('/policies/{controller}')}<p class="muted">${words.unlisted}</p>`,
    log: isListed
      ? html`${action('/console/#/log', words.lookAtLog)}<dl>${controllers.map((each) => logLinks(each, words))}</dl>`
      : patterns('/log/{controller}/checkpoint', '/log/{controller}/policy'),
    reference: list(link('/reference', words.readReference), link('/openapi.json', 'OpenAPI')),
  }
  const parts = partNames.map((name) => {
    const { title, says } = words.parts[name]
    return html`<section><h2>${title}</h2><p>${says}</p>${ways[name]}</section>\n`
  })
  return pageFrame({
    language,
    title: words.ledger,
    description: words.what,
    translations: [
      language === 'sv'
        ? { language: 'en', href: '/?lang=en', label: 'English' }
        : { language: 'sv', href: '/?lang=sv', label: 'Svenska' },
    ],
    main: html`<h1>${words.ledger}</h1>
<p class="lead">${words.what} ${words.proof}</p>
<div class="parts">
${parts}</div>`,
  })
}

function link(href: string, label: string): Html {
  return html`<a href="${href}">${label}</a>`
}

/** A link that looks like the control that it leads to. */
function action(href: string, label: string): Html {
  return html`<p><a class="action" href="${href}">${label}</a></p>`
}

function list(...items: readonly Html[]): Html {
  return html`<ul class="plain ways">${items.map((item) => html`<li>${item}</li>`)}</ul>`
}

function patterns(...paths: readonly string[]): Html {
  return html`<ul class="plain">${paths.map((path) => html`<li><code>${path}</code></li>`)}</ul>`
}

function logLinks({ controller, name }: NamedController, { checkpoint, keys }: Words): Html {
  const at = `/log/${controller}`
  return html`<dt>${name}</dt><dd>${list(link(`${at}/checkpoint`, checkpoint), link(`${at}/policy`, keys))}</dd>`
}

const partNames = ['console', 'verify', 'preferences', 'policies', 'log', 'reference'] as const

interface Words {
  readonly parts: Readonly<Record<(typeof partNames)[number], { readonly title: string; readonly says: string }>>
  readonly ledger: string
  /** What this is, in two sentences. */
  readonly what: string
  readonly proof: string
  readonly openConsole: string
  readonly getProof: string
  readonly verifyHere: string
  readonly verifyCommand: string
  readonly unlisted: string
  readonly checkpoint: string
  readonly keys: string
  readonly lookAtLog: string
  readonly readReference: string
}

const wordsOf: Readonly<Record<PageLanguage, Words>> = {
  en: {
    ledger: 'Consent ledger',
    what: 'A record of what people decided about their data, and of the text that each of them was shown.',
    proof: 'The answers are files that anyone can check with public keys, without trusting who runs the ledger.',
    parts: {
      console: {
        title: 'Auditors and controllers',
        says: 'The console shows what was recorded about a person at a given time, and saves the proof. Controllers publish their policies there.',
      },
      verify: {
        title: 'Check a proof',
        says: 'In your browser: the file stays on your device.',
      },
      preferences: {
        title: 'Your own choices',
        says: 'To see or change what you decided, go to the website where you decided it and open its privacy choices. There you can also see and save everything that is recorded about you.',
      },
      policies: {
        title: 'Policies',
        says: 'The texts in force, the earlier ones, and what changed between them.',
      },
      log: {
        title: 'The log',
        says: 'Each event and each text has its place in a public log of digests, which cannot be changed unnoticed.',
      },
      reference: {
        title: 'Developers',
        says: 'Every route of the API, with its fields, answers and errors.',
      },
    },
    openConsole: 'Open the console',
    getProof: 'Get a proof about a person',
    verifyHere: 'Check a file here',
    verifyCommand: 'Or in a terminal, in a copy of the ledger’s source code, with keys from a source that you trust:',
    unlisted: 'This ledger does not list its controllers. A website names its own in its privacy policy.',
    checkpoint: 'Newest checkpoint',
    keys: 'Keys of the log',
    lookAtLog: 'Look at the logs',
    readReference: 'API reference',
  },
  sv: {
    ledger: 'Samtyckesregister',
    what: 'Här antecknas vad människor har bestämt om sina uppgifter, och vilken text var och en av dem fick se.',
    proof:
      'Svaren är filer som vem som helst kan kontrollera med öppna nycklar, utan att behöva lita på den som driver registret.',
    parts: {
      console: {
        title: 'Granskare och ansvariga',
        says: 'I konsolen ser du vad som var antecknat om en person vid en viss tidpunkt, och kan spara beviset. Där publicerar de ansvariga också sina policyer.',
      },
      verify: {
        title: 'Kontrollera ett bevis',
        says: 'I din webbläsare: filen stannar på din enhet.',
      },
      preferences: {
        title: 'Dina egna val',
        says: 'Vill du se eller ändra vad du har valt? Gå till webbplatsen där du valde och öppna dess integritetsval. Där kan du också se och spara allt som är antecknat om dig.',
      },
      policies: {
        title: 'Policyer',
        says: 'Texterna som gäller, de tidigare texterna och vad som har ändrats mellan dem.',
      },
      log: {
        title: 'Loggen',
        says: 'Varje händelse och varje text har sin plats i en öppen logg av kontrollsummor, som inte kan ändras obemärkt.',
      },
      reference: {
        title: 'Utvecklare',
        says: 'Alla anrop i API:et, med fält, svar och fel.',
      },
    },
    openConsole: 'Öppna konsolen',
    getProof: 'Hämta ett bevis om en person',
    verifyHere: 'Kontrollera en fil här',
    verifyCommand: 'Eller i en terminal, i en kopia av registrets källkod, med nycklar från en källa som du litar på:',
    unlisted:
      'Registret visar ingen lista över de ansvariga som använder det. En webbplats anger sin ansvariga i sin integritetspolicy.',
    checkpoint: 'Senaste kontrollpunkten',
    keys: 'Loggens nycklar',
    lookAtLog: 'Titta på loggarna',
    readReference: 'API-referens',
  },
}
