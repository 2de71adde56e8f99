/**
 * Answers of the public pages. They depend on `?lang=` and Accept-Language, and may be cached for as long as an instance caches policies.
 */
import { publicDiffQuery, publicPageQuery } from '../../shared/api/schemas/queries.ts'
import { findVersion, inForce, type PolicyText } from '../../shared/consent/policy.ts'
import { LedgerError } from '../../shared/errors.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import { timestamp } from '../../shared/ledger/ledger.ts'
import { publicSnapshot } from '../http/access.ts'
import { type Answer, type Call, type Endpoint, header, parseQuery, pathParameter } from '../http/call.ts'
import { textsIn } from '../http/language.ts'
import { prefersJsonLd } from '../http/media-type.ts'
import { footnoteWords } from '../markdown/footnote-words.ts'
import { titledPolicyTextHtml } from '../markdown/policy-text-html.ts'
import { differencePage } from '../public/difference-page.ts'
import type { Html } from '../public/html.ts'
import { versionAsJsonLd } from '../public/json-ld.ts'
import { pageAnswer, taggedAnswer } from '../public/page-answer.ts'
import { policiesPage } from '../public/policies-page.ts'
import { policyPage } from '../public/policy-page.ts'
import { type PublicReader, publicReaderOf, textFor } from '../public/public-reader.ts'
import { newestFirst } from '../public/standing.ts'
import { versionFeed } from '../public/version-feed.ts'
import { differenceCache } from './difference-cache.ts'
import { cachedBriefly, policyHistoryIn, type StoredTexts, textOf } from './policies.ts'

interface Asked {
  readonly call: Call
  readonly reader: PublicReader
  readonly snapshot: ControllerSnapshot
  /** RFC 3339. */
  readonly now: string
}

/** @param stored holds the texts. Differences and rendered texts are cached for as long as the answers live. */
export function publicAnswers(stored: StoredTexts) {
  const differences = differenceCache((sha256) => textOf(stored, sha256))
  const rendered = renderedTexts(stored)

  async function versionAnswer(asked: Asked, named?: string): Promise<Answer> {
    const { call, reader, snapshot, now } = asked
    const { controller } = snapshot
    const { format } = parseQuery(call, publicPageQuery)
    const history = await policyHistoryIn(call, snapshot, ...(named === undefined ? [] : [named]))
    // A policy that was never in force yet shows what will be.
    const version =
      named === undefined ? (inForce(history, now) ?? newestFirst(history).at(-1)) : findVersion(history, named)
    const text = version && textFor(reader, version.texts)
    if (version === undefined || text === undefined) throw noVersion(named)
    if (format === 'jsonld' || (format === undefined && prefersJsonLd(header(call, 'accept'))))
      return asFile(asked, JSON.stringify(versionAsJsonLd(controller, version)), 'application/ld+json')
    return asPage(
      asked,
      policyPage({
        ...{ reader, controller, history, version, text, now },
        rendered: await rendered(text, reader),
        isNamed: named !== undefined,
        preferences: preferencesOf(asked),
      }),
    )
  }

  return {
    policies: page(async (asked) => {
      const { reader, snapshot, now } = asked
      const { controller, policies } = snapshot
      const preferences = preferencesOf(asked)
      return asPage(asked, policiesPage({ reader, controller, policies: [...policies.values()], now, preferences }))
    }),

    policy: page((asked) => versionAnswer(asked)),

    version: page((asked) => versionAnswer(asked, pathParameter(asked.call, 'version'))),

    difference: page(async (asked) => {
      const { call, reader, snapshot } = asked
      const { from, to } = parseQuery(call, publicDiffQuery)
      const history = await policyHistoryIn(call, snapshot, from, to)
      const [before, after] = [findVersion(history, from), findVersion(history, to)]
      if (before === undefined || after === undefined) throw noVersion(before === undefined ? from : to)
      const [old, { sha256, locale }] = textsIn(before, after, reader.wanted)
      const difference = await differences.between(old.sha256, sha256, 'words')
      const { controller } = snapshot
      const preferences = preferencesOf(asked)
      return asPage(asked, differencePage({ reader, controller, before, after, locale, difference, preferences }))
    }),

    feed: page(async (asked) => {
      const { call, reader, snapshot, now } = asked
      const history = await policyHistoryIn(call, snapshot)
      return asFile(
        asked,
        versionFeed(reader, snapshot.controller, history, now),
        'application/atom+xml; charset=utf-8',
      )
    }),
  } satisfies Record<string, Endpoint>
}

function page(render: (asked: Asked) => Promise<Answer>): Endpoint {
  return async (call) => {
    const { lang } = publicPageQuery.safeParse(call.event.queryStringParameters ?? {}).data ?? {}
    const reader = publicReaderOf(lang, header(call, 'accept-language'))
    const now = timestamp(call.instance.ledger.clock)
    return render({ call, reader, snapshot: await publicSnapshot(call), now })
  }
}

function asPage({ call, reader }: Asked, page: Html): Answer {
  return pageAnswer(call, page, reader.words.language, cachedBriefly)
}

function asFile({ call }: Asked, text: string, mediaType: string): Answer {
  return taggedAnswer(call, text, { 'content-type': mediaType, vary: 'accept, accept-language', ...cachedBriefly })
}

function noVersion(given: string | undefined): LedgerError {
  return new LedgerError('not-found', 'the policy has no such version', { given })
}

/** Bound on the rendered texts that are kept; the least recently used are dropped. */
const maxRendered = 50

type Rendered = ReturnType<typeof titledPolicyTextHtml>

/** Rendering a long text takes tens of milliseconds. A text never changes, so what was rendered stays right. */
function renderedTexts(stored: StoredTexts): (text: PolicyText, reader: PublicReader) => Promise<Rendered> {
  const kept = new Map<string, Rendered>()
  return async ({ sha256, mediaType }, { words }) => {
    const language = words.language === 'sv' ? 'sv' : 'en'
    const name = `${sha256} ${mediaType} ${language}`
    const found =
      kept.get(name) ??
      titledPolicyTextHtml(
        { text: await textOf(stored, sha256), mediaType },
        { topLevel: 2, idPrefix: 'text-', words: footnoteWords[language] },
      )
    kept.delete(name)
    kept.set(name, found)
    const [oldest] = kept.keys()
    if (kept.size > maxRendered && oldest !== undefined) kept.delete(oldest)
    return found
  }
}

/**
 * The preference centre that the ledger hosts, for the first site whose pages may call from the ledger's own address; for another site that
 * page could record nothing. A site key is publishable.
 */
function preferencesOf({ call, snapshot: { sites }, reader: { words } }: Asked): string | undefined {
  const host = header(call, 'host') ?? ''
  const own = [`https://${host}`, `http://${host}`]
  const site = [...sites.values()].find(
    (each) =>
      each.revokedAt === undefined &&
      own.some((origin) => each.origins.includes(origin) || call.instance.allowsOrigin?.(each, origin) === true),
  )
  return site && `/console/preferences?${new URLSearchParams({ key: site.key, lang: words.language })}`
}
