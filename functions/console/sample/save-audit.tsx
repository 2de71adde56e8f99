/** What an auditor takes away: the findings to go on with, a table for the report, and the sample itself for the command. */
import { useState } from 'preact/hooks'
import { Notice } from '../components/notice.tsx'
import { csvOf } from '../files/csv.ts'
import { fileNamePart, saveFile } from '../files/save-file.ts'
import { useLeafKind } from '../leaf/leaf-kind.ts'
import { useWords } from '../shell/language.ts'
import { findingsFile, openFinding } from './findings.ts'
import type { Audit } from './kept-audit.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface SaveAuditProps {
  readonly controller: string
  readonly audit: Audit
  readonly onSaved: () => void
  readonly onDiscard: () => void
}

export function SaveAudit({ controller, audit: { sample, findings }, onSaved, onDiscard }: SaveAuditProps) {
  const words = useWords(english, swedish)
  const kindOf = useLeafKind()
  const [isAsked, setIsAsked] = useState(false)
  const { answer, leaves, size, root, seed, count } = sample
  const name = `${fileNamePart(controller)}-sample-${size}`
  const saveFindings = () => {
    saveFile(`${name}-findings.json`, findingsFile({ sample: answer, findings }, new Date().toISOString()))
    onSaved()
  }
  const saveTable = () => {
    const rows = leaves.map(({ index, kind }) => {
      const { finding, note } = findings.get(index) ?? openFinding
      return [index, kind, kindOf(kind), words(`finding-${finding}`), note]
    })
    const columns = [words('csvIndex'), words('csvKind'), words('csvMeaning'), words('finding'), words('note')]
    saveFile(`${name}.csv`, csvOf(columns, rows), 'text/csv')
  }
  const command = `consent-ledger sample ${name}.json --policy keys.txt \\\n  --size ${size} --root ${root} \\\n  --seed ${seed} --count ${count}`
  return (
    <section aria-labelledby="save">
      <h2 id="save">{words('save')}</h2>
      <p>{words('saveIs')}</p>
      <p class="next">
        <button type="button" onClick={saveFindings}>
          {words('saveFindings')}
        </button>
        <button type="button" class="quiet" onClick={saveTable}>
          {words('saveTable')}
        </button>
        <button type="button" class="quiet" onClick={() => saveFile(`${name}.json`, answer)}>
          {words('saveSample')}
        </button>
      </p>
      <details>
        <summary>{words('inTerminal')}</summary>
        <p>{words('inTerminalIs')}</p>
        <pre class="code" lang="zxx">
          {command}
        </pre>
      </details>
      {isAsked ? (
        <Notice kind="warning" title={words('discardSure')}>
          <p class="next">
            <button type="button" onClick={onDiscard}>
              {words('discardYes')}
            </button>
            <button type="button" class="quiet" onClick={() => setIsAsked(false)}>
              {words('discardNo')}
            </button>
          </p>
        </Notice>
      ) : (
        <p>
          <button type="button" class="link" onClick={() => setIsAsked(true)}>
            {words('discard')}
          </button>
        </p>
      )}
    </section>
  )
}
