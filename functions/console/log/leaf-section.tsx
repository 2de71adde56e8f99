/** Looks up a leaf by its index: its hash and that the tree has it, computed here; and what it says, for those who may read entries. */
import { useState } from 'preact/hooks'
import { encodeBase64, encodeUtf8 } from '../../../shared/tlog/encoding.ts'
import { formatTlogProof } from '../../../shared/tlog/tlog-proof.ts'
import { CheckSteps } from '../components/check-steps.tsx'
import { Facts } from '../components/facts.tsx'
import { Field } from '../components/field.tsx'
import { Notice } from '../components/notice.tsx'
import { Outcome } from '../components/outcome.tsx'
import { fileNamePart, saveFile } from '../files/save-file.ts'
import { LeafContent } from '../leaf/leaf-content.tsx'
import { useFormats, useWords } from '../shell/language.ts'
import { useWork } from '../shell/use-work.ts'
import { ProofHashes } from './consistency-section.tsx'
import { type LogEntry, readEntry } from './log-entry.ts'
import { LogProblem } from './log-problem.tsx'
import type { OpenedLog } from './opened-log.ts'
import { UnfinishedNotice } from './tree-check-notices.tsx'
import { type FoundLeaf, findLeaf, type Unfinished } from './tree-checks.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

interface LookedUp {
  readonly index: number
  readonly found: FoundLeaf | Unfinished
  readonly entry?: LogEntry
}

export function LeafSection({ log }: { readonly log: OpenedLog }) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const { newest, source } = log
  const [typed, setTyped] = useState('')
  const [work, start] = useWork<LookedUp>()
  const last = newest.size - 1
  const look = () =>
    start(async () => {
      const index = Number(typed)
      const found = await findLeaf(source, newest, index)
      if (found.outcome !== 'found') return { index, found }
      return { index, found, entry: await readEntry(source, newest.size, index, found.hash) }
    })
  return (
    <section aria-labelledby="leaf">
      <h2 id="leaf">{words('leaf')}</h2>
      {newest.size === 0 ? (
        <p class="empty">{words('noLeaves')}</p>
      ) : (
        <form
          class="card"
          onSubmit={(event) => {
            event.preventDefault()
            look()
          }}
        >
          <Field label={words('index')} hint={words('indexHint', { last: formats.number(last) })}>
            {(control) => (
              <input
                {...control}
                type="number"
                required
                min={0}
                max={last}
                step={1}
                value={typed}
                onInput={(event) => setTyped(event.currentTarget.value)}
              />
            )}
          </Field>
          <button type="submit" disabled={work.state === 'running'}>
            {words('lookUp')}
          </button>
        </form>
      )}
      <div aria-live="polite">
        {work.state === 'failed' ? (
          <LogProblem error={work.error} retry={look} />
        ) : (
          <Outcome work={work}>{(lookedUp) => <LookedUpView log={log} {...lookedUp} />}</Outcome>
        )}
      </div>
    </section>
  )
}

function LookedUpView({ log, index, found, entry }: LookedUp & { readonly log: OpenedLog }) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  if (found.outcome !== 'found') return <UnfinishedNotice check={found} />
  const { hash, proof, tiles } = found
  const { controller, newest } = log
  const size = formats.number(newest.size)
  const save = (text: string) => {
    const extra = encodeUtf8(JSON.stringify({ leaf: text }), 'malformed-proof')
    const file = formatTlogProof({ index, hashes: proof, checkpoint: newest.note, extra })
    saveFile(`${fileNamePart(controller)}-leaf-${index}.tlog-proof`, file, 'text/plain')
  }
  return (
    <>
      <Notice kind="good" title={words('found', { index: formats.number(index), size })} />
      <Facts rows={[[words('leafHash'), <code key="hash">{encodeBase64(hash)}</code>]]} />
      <CheckSteps
        steps={[
          { outcome: 'ok', content: words('stepTiles', { count: tiles.length, paths: formats.list(tiles) }) },
          { outcome: 'ok', content: words('stepRoot', { size }) },
          { outcome: 'ok', content: <ProofHashes hashes={proof.map(encodeBase64)} /> },
          { outcome: 'ok', content: words('stepLeaf', { index: formats.number(index), size }) },
        ]}
      />
      <h3>{words('entry')}</h3>
      {entry?.state === 'closed' && <p>{words('entryClosed')}</p>}
      {(entry?.state === 'wrong' || entry?.state === 'unread') && (
        <Notice kind="bad" title={words(entry.state === 'wrong' ? 'entryWrong' : 'unread')}>
          <p lang="en">{entry.says}</p>
        </Notice>
      )}
      {entry?.state === 'open' && (
        <>
          <LeafContent text={entry.text} />
          <button type="button" class="quiet" onClick={() => save(entry.text)}>
            {words('saveLeaf')}
          </button>
        </>
      )}
    </>
  )
}
