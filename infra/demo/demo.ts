/** `npm run demo`: plays the demo story over HTTP against a ledger that runs on this machine, and checks it on the way. */
import { randomBytes, randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Misuse, run } from '../command-line.ts'
import { readArguments } from '../local/arguments.ts'
import { defaultDataFolder } from '../local/data/data-folder.ts'
import { existingDevelopmentIssuer } from '../local/development-issuer.ts'
import { type DemoLanguage, demoLanguages, openPage, wantsColour } from './page.ts'
import { playStory } from './story.ts'

const options = {
  url: { help: 'where the ledger answers (default: where `npm start` serves the folder)', placeholder: 'URL' },
  data: { help: 'folder of its data', placeholder: 'DIR', env: 'LEDGER_DATA', default: defaultDataFolder },
  lang: {
    help: 'language of the story: en or sv. Details of errors are in English',
    placeholder: 'TAG',
    default: 'en',
  },
}
const usage = `npm run demo -- [options]

Plays a story of consent, in fifteen scenes, against a ledger that \`npm start\` runs in another terminal. It may be played
again and again. Exit code 0: all answers are as the story expects. 1: one is not, or the ledger does not answer. 2: misuse, or no ledger in the folder.`

/** `demo.json`, as `npm start` writes it. */
interface DemoFile {
  readonly url: string
  readonly sites: Readonly<Record<string, string>>
}

run(async () => {
  const given = readArguments(usage, options, process.argv.slice(2), process.env)
  if (given === undefined) return
  if (given.url !== undefined && !/^https?:$/.test(URL.parse(given.url)?.protocol ?? ''))
    throw new Misuse(`--url is an address like http://localhost:8787, not ${given.url}`)
  const language = languageFrom(given.lang)
  const folder = given.data ?? defaultDataFolder
  const { url, sites } = await demoIn(folder)
  // A pager that is closed early breaks the pipe. That is no error.
  process.stdout.on('error', () => process.exit())
  const issuer = await existingDevelopmentIssuer(folder)
  await playStory({
    page: openPage({ colour: wantsColour(process.stdout, process.env), language, print: console.log }),
    ledger: { url: (given.url ?? url).replace(/\/+$/, ''), sites, issuer, mailbox: join(folder, 'mailbox'), language },
    clock: Date.now,
    random: randomBytes,
    newId: randomUUID,
  })
})

function languageFrom(given: string | undefined): DemoLanguage {
  const found = demoLanguages.find((language) => language === given)
  if (found === undefined) throw new Misuse(`--lang ${given}: give one of ${demoLanguages.join(', ')}`)
  return found
}

async function demoIn(folder: string): Promise<DemoFile> {
  const path = join(folder, 'demo.json')
  try {
    return JSON.parse(await readFile(path, 'utf8')) as DemoFile
  } catch {
    throw new Misuse(
      `There is no ${path}: run \`npm start\` in another terminal, or name its folder with --data. A ledger started with --empty has no demo.`,
    )
  }
}
