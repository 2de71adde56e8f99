/** Links to the public pages of a policy's text. */
import { localText } from '../../../shared/consent/language.ts'
import type { Topic } from '../question/topics.ts'
import { useLanguage, useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface TextLinkProps {
  readonly topics: readonly Topic[]
  readonly policyId: string
  readonly version: string | undefined
}

export function TextLink({ topics, policyId, version }: TextLinkProps) {
  const words = useWords(english, swedish)
  const language = useLanguage()
  const { controller } = useSession()
  const topic = topics.find(({ key }) => key === `policy/${policyId}`)
  const title = topic ? localText(topic.title, language) : policyId
  if (version === undefined) return <>{title}</>
  return <a href={pathOf(controller, policyId, 'versions', version)}>{words('textVersion', { title, version })}</a>
}

/** The difference of two versions, from the earlier to the later. */
export function differencePath(controller: string, policyId: string, from: string, to: string): string {
  return `${pathOf(controller, policyId, 'diff')}?${new URLSearchParams({ from, to })}`
}

function pathOf(...parts: readonly string[]): string {
  return ['/policies', ...parts.map(encodeURIComponent)].join('/')
}
