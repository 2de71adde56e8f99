/** The snippets of a README that its tests run: each is announced by `<!-- tested: name -->` on the line before its fence. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** Code by name, with the example's ledger and site key replaced by real ones. */
export function snippetsOf(readme: string, url = 'https://ledger.example', key = 'site_…'): Map<string, string> {
  const text = readFileSync(join(root, readme), 'utf8')
  const found = text.matchAll(/^<!-- tested: ([\w-]+) -->\n```\w+\n(.*?)^```$/gms)
  const real = (code = '') => code.replaceAll('https://ledger.example', url).replaceAll('site_…', key)
  return new Map([...found].map(([, name = '', code]) => [name, real(code)]))
}
