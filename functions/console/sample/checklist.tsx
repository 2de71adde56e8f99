/** The drawn leaves, to be worked through: how far the auditor is, each leaf with what to check and the finding, and what can be saved. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { decodeBase64 } from '../../../shared/tlog/encoding.ts'
import { CheckSteps } from '../components/check-steps.tsx'
import { Facts } from '../components/facts.tsx'
import { Notice } from '../components/notice.tsx'
import type { OpenedLog } from '../log/opened-log.ts'
import { useFormats, useWords } from '../shell/language.ts'
import { drawLocally } from './drawn-sample.ts'
import { countFindings, type Findings, findingsFile, openFinding } from './findings.ts'
import { type Audit, keepAudit } from './kept-audit.ts'
import { OpenLeaves } from './open-leaves.tsx'
import { SampledLeafCard } from './sampled-leaf-card.tsx'
import { SaveAudit } from './save-audit.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface ChecklistProps {
  readonly log: OpenedLog
  readonly audit: Audit
  readonly onDiscard: () => void
}

/** Milliseconds without a change after which the findings are kept. */
const pauseMs = 300

const shownFindings = ['all', 'open', 'fine', 'deviation'] as const

export function Checklist({ log, audit, onDiscard }: ChecklistProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const { sample } = audit
  const { leaves, size, root, seed, count } = sample
  const [findings, setFindings] = useState<Findings>(audit.findings)
  const [isKept, setIsKept] = useState(true)
  const [openedBy, setOpenedBy] = useState<ReadonlyMap<string, ReadonlySet<string>>>(new Map())
  const [shown, setShown] = useState<(typeof shownFindings)[number]>('all')
  const saved = useRef<Findings>(audit.findings)

  useEffect(() => {
    const file = () => findingsFile({ sample: sample.answer, findings }, new Date().toISOString())
    const keep = () => setIsKept(keepAudit(log.controller, file()))
    // A note is written letter by letter, and the whole file is kept each time: when the writer pauses, or leaves.
    const timer = setTimeout(keep, pauseMs)
    addEventListener('pagehide', keep)
    return () => {
      clearTimeout(timer)
      removeEventListener('pagehide', keep)
    }
  }, [log.controller, sample, findings])
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (saved.current !== findings) event.preventDefault()
    }
    addEventListener('beforeunload', warn)
    return () => removeEventListener('beforeunload', warn)
  }, [findings])

  const counts = countFindings(
    leaves.map(({ index }) => index),
    findings,
  )
  const of = (index: number) => findings.get(index) ?? openFinding
  const visible = leaves.filter(({ index }) => shown === 'all' || of(index).finding === shown)
  const done = count - counts.open
  const drawn = drawLocally({ checkpoint: { size, root: decodeBase64(root) }, seed, count })
  return (
    <>
      <Notice kind="good" title={words('drawn', { count, size: formats.number(size) })}>
        <details>
          <summary>{words('howChecked')}</summary>
          <CheckSteps
            steps={[
              { outcome: 'ok', content: words('stepCheckpoint', { size: formats.number(size) }) },
              {
                outcome: 'ok',
                content: words('stepDrawn', { indexes: drawn.map((index) => String(index)).join(', ') }),
              },
              { outcome: 'ok', content: words('stepAnswered', { count }) },
              { outcome: 'ok', content: words('stepProven', { count }) },
            ]}
          />
          <Facts
            rows={[
              [words('root'), <code key="root">{root}</code>],
              [words('seed'), <code key="seed">{seed}</code>],
            ]}
          />
        </details>
      </Notice>
      {!isKept && <Notice kind="warning">{words('notKept')}</Notice>}

      <section aria-labelledby="progress">
        <h2 id="progress">{words('progress')}</h2>
        <p aria-live="polite">
          {words('progressIs', { done, count, fine: counts.fine, deviation: counts.deviation, open: counts.open })}
        </p>
        <progress max={count} value={done} aria-labelledby="progress" />
        <fieldset class="filters">
          <legend>{words('show')}</legend>
          {shownFindings.map((each) => (
            <label key={each} class="choice">
              <input type="radio" name="shown" checked={shown === each} onChange={() => setShown(each)} />
              {words(`show-${each}`)}
            </label>
          ))}
        </fieldset>
      </section>

      <ol class="plain">
        {visible.map((leaf) => (
          <SampledLeafCard
            key={leaf.index}
            leaf={leaf}
            number={leaves.indexOf(leaf) + 1}
            found={of(leaf.index)}
            openedBy={[...openedBy].flatMap(([file, opened]) => (opened.has(leaf.leaf) ? [file] : []))}
            onFound={(found) => setFindings(new Map(findings).set(leaf.index, found))}
          />
        ))}
      </ol>
      {visible.length === 0 && <p class="empty">{words('noneShown')}</p>}

      <OpenLeaves
        log={log}
        leaves={leaves}
        openedBy={openedBy}
        onOpened={(file, opened) => setOpenedBy(new Map(openedBy).set(file, opened))}
      />
      <SaveAudit
        controller={log.controller}
        audit={{ sample, findings }}
        onSaved={() => {
          saved.current = findings
        }}
        onDiscard={onDiscard}
      />
    </>
  )
}
