/** What a leaf of a log says: its kind in words, and its members. Digests stay closed; only a disclosure opens them. */
import { Facts } from '../components/facts.tsx'
import { parsedJson } from '../files/parsed-json.ts'
import { useWords } from '../shell/language.ts'
import { useLeafKind } from './leaf-kind.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export function LeafContent({ text }: { readonly text: string }) {
  const words = useWords(english, swedish)
  const leaf = readLeaf(text)
  const kindOf = useLeafKind()
  const digests = Array.isArray(leaf?._sd) ? leaf._sd.length : undefined
  const isClear = digests === undefined && leaf?.kind !== 'time'
  return (
    <>
      <Facts
        rows={[
          [words('kind'), kindOf(String(leaf?.kind))],
          ...(digests === undefined
            ? []
            : [
                [
                  words('closed'),
                  words(leaf?.kind === 'event' ? 'closedEvent' : 'closedIs', { count: digests }),
                ] as const,
              ]),
          ...(isClear ? [[words('clear'), words('clearIs')] as const] : []),
          ...(typeof leaf?.sub === 'string' ? [[words('pseudonym'), <code key="sub">{leaf.sub}</code>] as const] : []),
        ]}
      />
      <details>
        <summary>{words('asLogged')}</summary>
        <pre class="code" lang="zxx">
          {leaf === undefined ? text : JSON.stringify(leaf, null, 2)}
        </pre>
      </details>
    </>
  )
}

/** A leaf hashed into the log is JSON with a kind; what another operator logs may be anything. */
export function readLeaf(text: string): Readonly<Record<string, unknown>> | undefined {
  const value = parsedJson(text)
  return typeof value === 'object' && value !== null ? { ...value } : undefined
}
