/** `npm run publish`: publishes a version of a policy, from a JSON file with its texts in files next to it. */
import { randomBytes, randomUUID } from 'node:crypto'
import { readFile, realpath } from 'node:fs/promises'
import { dirname, extname, join, sep } from 'node:path'
import { Misuse, run } from '../command-line.ts'
import { readArguments } from '../local/arguments.ts'
import { firstProofCommands } from '../local/first-proof.ts'
import {
  type AdministeredLedger,
  controllerFrom,
  ledgerOptions,
  openAdministeredLedger,
  readJsonFile,
} from './ledger-access.ts'

const options = {
  file: {
    help: 'the version as JSON, like infra/administration/example/cookie-policy.json',
    placeholder: 'FILE',
    isOperand: true,
  },
  controller: { help: 'id of the controller (default: the only one of a ledger on this machine)', placeholder: 'ID' },
  ...ledgerOptions,
}
const usage = `npm run publish -- FILE [options]

Publishes a version of a policy. The file is the body of POST /v1/controllers/{controller}/policies/{policyId}/versions with its policyId;
a text may name a file next to it ("file": "cookie-policy.en.md") instead of "text" and "mediaType". A published version never changes:
repeating the command changes nothing, and a change is a new version.`

run(async () => {
  const given = readArguments(usage, options, process.argv.slice(2), process.env)
  if (given === undefined) return
  const file = given.file ?? ''
  const { policyId, texts, ...draft } = await readJsonFile(file)
  if (typeof policyId !== 'string') throw new Misuse(`${file} has no "policyId"`)
  if (!Array.isArray(texts)) throw new Misuse(`${file} has no list "texts"`)
  const body = { ...draft, texts: await Promise.all(texts.map((text) => withContent(text, dirname(file)))) }
  const ledger = await openAdministeredLedger(given)
  const controller = await controllerFrom(given.controller, ledger)
  const path = `/v1/controllers/${controller}/policies/${encodeURIComponent(policyId)}/versions`
  const { status, json } = await ledger.call('POST', path, { controller }, body)
  const done =
    status === 201 ? `is published, and in force from ${json.notBefore}` : 'was published before; nothing changed'
  console.log(`Version ${json.version} of ${policyId} of ${controller} ${done}.`)
  for (const { detail } of warningsIn(json.warnings)) console.error(`Warning: ${detail}`)
  const next = await nextCommands(ledger, controller, policyId, json)
  if (next !== undefined) console.log(`\n${next}`)
})

const mediaTypes: Readonly<Record<string, string>> = {
  '.md': 'text/markdown',
  '.html': 'text/html',
  '.txt': 'text/plain',
}

/**
 * Replaces `file` by the content of that file. The file must be in `folder` or below it, symbolic links resolved: a version is published
 * for ever, and a version file from another person must not be able to name a private file.
 *
 * @throws Misuse when it cannot be read, or is elsewhere
 */
async function withContent(given: unknown, folder: string): Promise<unknown> {
  if (typeof given !== 'object' || given === null || !('file' in given)) return given
  const { file, ...rest } = given
  const mediaType = mediaTypes[extname(String(file))]
  if (mediaType === undefined) throw new Misuse(`a text is a .md, .html or .txt file, not ${file}`)
  const path = join(folder, String(file))
  const unreadable = (): never => {
    throw new Misuse(`the text ${path} cannot be read`)
  }
  const [within, real] = await Promise.all([realpath(folder), realpath(path)]).catch(unreadable)
  if (!real.startsWith(within + sep))
    throw new Misuse(`the text ${path} is not in the folder of the version, ${folder}`)
  const text = await readFile(real, 'utf8').catch(unreadable)
  return { mediaType, ...rest, text }
}

function warningsIn(given: unknown): readonly { readonly detail?: unknown }[] {
  return Array.isArray(given) ? given : []
}

/** The commands that record a first event and prove it. Only for a ledger on this machine that has a site, because they need its key. */
async function nextCommands(
  ledger: AdministeredLedger,
  controller: string,
  policyId: string,
  version: Readonly<Record<string, unknown>>,
): Promise<string | undefined> {
  const { dataFolder, url } = ledger
  if (dataFolder === undefined) return undefined
  const { json } = await ledger.call('GET', `/v1/controllers/${controller}/sites`, { controller })
  const all = (json.sites ?? []) as readonly { readonly key: string; readonly revokedAt?: string }[]
  const site = all.find(({ revokedAt }) => revokedAt === undefined)
  if (site === undefined) return 'Next, create a site, whose key records events: npm run site -- --help'
  const purposes = (version.purposes ?? []) as readonly { readonly purposeId: string; readonly legalBasis: string }[]
  const [asked] = purposes.filter(({ legalBasis }) => legalBasis === 'consent')
  const [text] = (version.texts ?? []) as readonly { readonly locale: string }[]
  if (asked === undefined || text === undefined) return undefined
  const { text: policy } = await ledger.call('GET', `/log/${controller}/policy`, 'none')
  return firstProofCommands({
    url,
    dataFolder,
    controller,
    siteKey: site.key,
    purposeId: asked.purposeId,
    deviceSecret: randomBytes(24).toString('base64url'),
    keys: [...policy.matchAll(/^(?:log|witness \S+) (\S+\+\S+)/gm)].map(([, key = '']) => key),
    event: {
      eventId: randomUUID(),
      occurredAt: new Date().toISOString(),
      decisions: [{ purposeId: asked.purposeId, verb: 'given' }],
      shown: [{ policyId, version: String(version.version), locale: text.locale }],
      channel: 'web',
      surface: 'banner',
      act: 'button',
      control: 'save-choices',
    },
  }).join('\n\n')
}
