/** What the disclosures of a receipt or of a single leaf open, by the names that they have there. */
import { DataTable } from '../components/data-table.tsx'
import { useWords } from '../shell/language.ts'
import { beginning, visible } from './visible-text.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

const maxCharacters = 4000

export function Claims({ disclosed }: { readonly disclosed: Readonly<Record<string, unknown>> }) {
  const words = useWords(english, swedish)
  const rows = Object.entries(disclosed).map(([name, value]) => {
    const { shown, left } = beginning(JSON.stringify(value, null, 2), maxCharacters)
    return [
      <code key="name">{visible(name)}</code>,
      <pre key="value">
        {shown}
        {left > 0 && `\n… ${words('left', { count: left })}`}
      </pre>,
    ]
  })
  return <DataTable caption={words('claims')} columns={[words('claim'), words('value')]} rows={rows} empty="" />
}
