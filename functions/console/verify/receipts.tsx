/** The receipts of a file with several: each by itself, closed until the reader opens it, since a file may have thousands. */
import { useState } from 'preact/hooks'
import type { Verification } from '../../../shared/verify/verification.ts'
import { useFormats, useWords } from '../shell/language.ts'
import { Claims } from './claims.tsx'
import { Steps } from './steps.tsx'
import { visible } from './visible-text.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

const perPage = 50

export function Receipts({ receipts }: { readonly receipts: readonly Verification[] }) {
  const words = useWords(english, swedish)
  const [shown, setShown] = useState(perPage)
  const left = receipts.length - shown
  return (
    <>
      <h3>{words('receiptsTitle', { count: receipts.length })}</h3>
      {receipts.slice(0, shown).map((receipt, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a receipt's place in the file is its identity
        <Receipt key={index} number={index + 1} receipt={receipt} />
      ))}
      {left > 0 && (
        <button type="button" class="quiet" onClick={() => setShown(shown + perPage)}>
          {words('more', { count: Math.min(perPage, left) })}
        </button>
      )}
    </>
  )
}

function Receipt({ number, receipt }: { readonly number: number; readonly receipt: Verification }) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const [isOpen, setIsOpen] = useState(false)
  const { verdict, disclosed = {}, steps } = receipt
  const recordedAt = memberOf(disclosed['field:times'], 'recordedAt')
  const decisions = Object.entries(disclosed).flatMap(([name, value]) =>
    name.startsWith('decision:') ? [`${name.slice('decision:'.length)}: ${memberOf(value, 'verb')}`] : [],
  )
  return (
    <details class="receipt" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>
        {words('receiptNumber', { number })} <strong>{words(`verdict-${verdict}`)}</strong>
        {typeof recordedAt === 'string' && ` · ${formats.instant(recordedAt)}`}
        {decisions.length > 0 && ` · ${visible(decisions.join(', '))}`}
      </summary>
      {isOpen && (
        <>
          <Steps steps={steps} verdict={verdict} />
          <Claims disclosed={disclosed} />
        </>
      )}
    </details>
  )
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
