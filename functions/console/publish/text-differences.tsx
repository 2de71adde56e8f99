/** The words that a draft's text removes and adds, by language. */
import { useEffect, useState } from 'preact/hooks'
import type { PolicyVersion } from '../../../shared/consent/policy.ts'
import type { TextDifference } from '../../../shared/consent/text-difference.ts'
import { Outcome } from '../components/outcome.tsx'
import { useLanguage, useWords } from '../shell/language.ts'
import { languageName } from '../shell/language-name.ts'
import { useSession } from '../shell/ledger.ts'
import { useWork } from '../shell/use-work.ts'
import type { Draft } from './draft.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface TextDifferencesProps {
  readonly draft: Draft
  readonly before: PolicyVersion
}

/** The texts of the earlier version, by locale. */
type EarlierTexts = ReadonlyMap<string, string>

export function TextDifferences({ draft, before }: TextDifferencesProps) {
  const { ledger } = useSession()
  const [work, start] = useWork<EarlierTexts>()
  const texts = before.texts
  useEffect(() => {
    start(async () => {
      const loaded = texts.map(async ({ locale, sha256 }) => [locale, await ledger.getText(sha256)] as const)
      return new Map(await Promise.all(loaded))
    })
  }, [ledger, texts, start])
  return <Outcome work={work}>{(earlier) => <Differences draft={draft} earlier={earlier} />}</Outcome>
}

function Differences({ draft, earlier }: { readonly draft: Draft; readonly earlier: EarlierTexts }) {
  const words = useWords(english, swedish)
  const language = useLanguage()
  const languages = new Intl.DisplayNames(language, { type: 'language' })
  const gone = [...earlier.keys()].filter((locale) => !draft.texts.some((text) => text.locale === locale))
  return (
    <>
      <h4>{words('textChanges')}</h4>
      {draft.texts.map(({ locale, text }) => (
        <OneDifference
          key={locale}
          title={languageName(languages, locale)}
          locale={locale}
          from={earlier.get(locale) ?? ''}
          to={text}
        />
      ))}
      {gone.map((locale) => (
        <p key={locale}>{words('textGone', { language: languageName(languages, locale) })}</p>
      ))}
    </>
  )
}

interface OneDifferenceProps {
  readonly title: string
  readonly locale: string
  readonly from: string
  readonly to: string
}

/** Characters of unchanged text that stay beside a change. */
const context = 160

function OneDifference({ title, locale, from, to }: OneDifferenceProps) {
  const words = useWords(english, swedish)
  const [parts, setParts] = useState<readonly TextDifference[]>()
  useEffect(() => {
    let isNewest = true
    import('../../../shared/consent/text-difference.ts').then(({ textDifference }) => {
      if (isNewest) setParts(textDifference(from, to, 'words'))
    })
    return () => {
      isNewest = false
    }
  }, [from, to])
  if (parts === undefined) return null
  const isSame = parts.every(({ kind }) => kind === 'same')
  if (isSame) return <p>{words('textSame', { language: title })}</p>
  return (
    <details>
      <summary>{words('textDiffers', { language: title })}</summary>
      <p class="difference" lang={locale}>
        {parts.map(({ kind, text }, i) => {
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity and are replaced as a whole
          if (kind === 'added') return <ins key={i}>{text}</ins>
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity and are replaced as a whole
          if (kind === 'removed') return <del key={i}>{text}</del>
          return shortened(text, i > 0, i < parts.length - 1)
        })}
      </p>
    </details>
  )
}

/** Only the ends of a long unchanged part, which border on changes. */
function shortened(text: string, keepsStart: boolean, keepsEnd: boolean): string {
  if (text.length <= 2 * context) return text
  return `${keepsStart ? text.slice(0, context) : ''} […] ${keepsEnd ? text.slice(-context) : ''}`
}
