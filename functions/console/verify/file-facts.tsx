/** Which file was examined, by its hash, when, and with whose keys. */
import { Facts } from '../components/facts.tsx'
import { useFormats, useWords } from '../shell/language.ts'
import type { Examined } from './found.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface FileFactsProps {
  readonly examined: Examined
  /** Format of the file; `undefined`: unknown. */
  readonly kind: string | undefined
  readonly sha256: string
}

export function FileFacts({ examined, kind, sha256 }: FileFactsProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const { file, keys, verifiedAt } = examined
  return (
    <Facts
      rows={[
        [words('kind'), kindWords(words, kind)],
        [words('fileSize'), formats.bytes(file.size)],
        [words('fingerprint'), <code key="sha256">{sha256}</code>],
        [words('verifiedAt'), formats.instant(verifiedAt)],
        [words('keysUsed'), words(`source-${keys.source}`)],
      ]}
    />
  )
}

export function kindWords(words: (name: keyof typeof english & string) => string, kind: string | undefined): string {
  const name = `kind-${kind ?? 'unknown'}`
  return Object.hasOwn(english, name) ? words(name as keyof typeof english) : words('kind-unknown')
}
