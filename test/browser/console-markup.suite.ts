/** Markup in a file that a stranger made: in names, titles, texts, grounds and identifiers it is text on the page, and nothing else. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PolicyHistory } from '../../shared/consent/policy.ts'
import { sha256Hex, versionLeaf } from '../../shared/consent/published-leaf.ts'
import { drawSample, readSeed } from '../../shared/tlog/sample.ts'
import { purpose } from '../shared/consent/scenario.ts'
import {
  at,
  controller,
  given,
  logVkey,
  makeEvent,
  makeProof,
  ownVkey,
  policyVersion,
  TestLog,
} from '../shared/verify/maker.ts'
import { type ConsoleStage, openConsoleStage } from '../support/console-stage.ts'
import { openTab } from './console-tab.ts'
import { giveKeys, openVerifyPage, verifyInPage } from './verify-page.ts'

const markup = '<img src=x onerror="hacked=1"><svg onload="hacked=1"><a href="javascript:hacked=1">here</a>'
const shortMarkup = '<img src=x onerror=hacked=1>'
const text = `# ${markup}\n\n<script>hacked=1</script>\n\n[here](javascript:hacked=1) {count, plural, other {#}} \u202Eevil`

const identity = { type: shortMarkup, id: markup }
const history: PolicyHistory = {
  policyId: 'privacy',
  versions: [
    policyVersion('1', at(0), {
      title: { en: markup },
      summary: { en: markup },
      scope: [markup],
      texts: [{ locale: 'en', mediaType: 'text/markdown', sha256: sha256Hex(text) }],
      purposes: [purpose({ title: { en: markup }, description: { en: markup }, withdrawalMethod: { en: markup } })],
    }),
  ],
  retractions: [],
  presentations: [],
}
const yes = makeEvent(
  { recorded: at(100), decisions: [{ purposeId: 'newsletter', verb: 'given' }], evidence: given('1'), identity },
  history,
)
const revoked = makeEvent(
  {
    ...{ recorded: at(200), decisions: [{ purposeId: 'newsletter', verb: 'revoked' }], evidence: given('1'), identity },
    more: { who: { actor: { role: 'operator', ground: markup }, assurance: 'operator' } },
  },
  history,
)

/** Valid by the stranger's own keys. */
function strangersProof(): string {
  const log = new TestLog()
  for (const version of history.versions) log.append(versionLeaf(version))
  for (const { leaf } of [yes, revoked]) log.append(leaf)
  log.publish(at(300))
  const proof = makeProof(
    { log, history, events: [yes, revoked] },
    { purposeId: 'newsletter', at: at(290), knownAt: at(300) },
  )
  return JSON.stringify({
    ...proof,
    question: { ...proof.question, subject: identity },
    texts: proof.texts.map((each) => ({ ...each, text })),
  })
}

function strangersLeaf(): string {
  const log = new TestLog()
  log.append(yes.leaf)
  return log.proof(0, log.publish(at(200)), { leaf: yes.leaf, disclosures: [...yes.disclosures.values()] })
}

function strangersSample(): string {
  const log = new TestLog()
  const leaf = JSON.stringify({ kind: shortMarkup })
  log.append(leaf)
  const published = log.publish(at(60))
  const { size, note: checkpoint } = published
  const seed = '00112233445566778899aabbccddeeff'
  const drawn = drawSample({ size, root: log.root(size), seed: readSeed(seed), count: 1 })
  const leaves = drawn.map((index) => ({ index, kind: shortMarkup, tlogProof: log.proof(index, published, { leaf }) }))
  return JSON.stringify({ schemaVersion: 'consent-sample@1', controller, checkpoint, size, seed, count: 1, leaves })
}

let stage: ConsoleStage
beforeAll(async () => {
  stage = await openConsoleStage()
})
afterAll(() => stage?.close())

/** Elements that only the file could have made, and whether any of its scripts ran. */
function made(page: Page): Promise<readonly unknown[]> {
  return page.evaluate(() => {
    const elements = document.querySelectorAll(
      'main :is(img, script, iframe, svg:not(.qr), a[href^="javascript"], [onerror])',
    )
    return [...[...elements].map((each) => each.outerHTML), ...('hacked' in window ? ['it ran'] : [])]
  })
}

it.each([
  ['a proof', strangersProof, 'Valid', [markup, shortMarkup, '⟨U+202E⟩evil']],
  ['a leaf with its disclosures', strangersLeaf, 'Valid', [markup.replaceAll('"', '\\"'), shortMarkup]],
  ['a sample', strangersSample, 'Valid', [shortMarkup]],
  [
    'an unknown member',
    () => strangersProof().replace('"limits"', `"${shortMarkup}":1,"limits"`),
    'Not valid',
    [shortMarkup],
  ],
  ['another subject', () => strangersProof().replace('"type":"<img', '"type":"x<img'), 'Not valid', [shortMarkup]],
  ['no JSON', () => markup, 'Not valid', []],
])('%s', async (_, file, verdict, shown) => {
  const { page, complaints } = await openTab(stage, 'verify')
  await openVerifyPage(page, stage.ledger.url)
  await giveKeys(page, `${logVkey}\n${ownVkey}`)
  const { text: said, titles } = await verifyInPage(page, Buffer.from(file()), `${shortMarkup}.json`)
  expect(titles).toContain(verdict)
  for (const each of shown) expect(said).toContain(each)
  expect(await page.locator('main').textContent()).toContain(`${shortMarkup}.json`)
  await page.evaluate(() => {
    for (const each of document.querySelectorAll('details')) each.open = true
  })
  await page.emulateMedia({ media: 'print' })
  expect(await made(page)).toEqual([])
  expect(complaints).toEqual([])
})
