/** The question and the answer of a consent proof in which every check passed: the answer as the verifier has recomputed it. */
import { swedishSentence } from '../../../shared/consent/sentence-sv.ts'
import { Facts } from '../components/facts.tsx'
import type { ProofContent } from '../proof/proof-content.ts'
import { localText } from '../question/topics.ts'
import { useFormats, useLanguage, useWords } from '../shell/language.ts'
import { ProofTexts } from './proof-texts.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export function ProofAnswer({ content }: { readonly content: ProofContent }) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const language = useLanguage()
  const { answer, joint, target, at, knownAt, subject, controller, topic, texts } = content
  const sentenceOf = (status: typeof answer) =>
    language === 'sv' ? swedishSentence(status, target, at) : status.sentence
  return (
    <>
      <p class="sentence">{sentenceOf(answer)}</p>
      {joint && (
        <p>
          <strong>{words('joint')}:</strong> {sentenceOf(joint)} {joint.contradiction && words('contradiction')}
        </p>
      )}
      <Facts
        rows={[
          [words('person'), `${subject.type}: ${subject.id}`],
          [words('about'), localText(topic.title, language)],
          [words('at'), formats.instant(at)],
          [words('knownAt'), formats.instant(knownAt)],
          [words('controller'), controller],
        ]}
      />
      <ProofTexts texts={texts} />
    </>
  )
}
