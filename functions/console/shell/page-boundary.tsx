/** Keeps the shell usable when a page fails: its place says so, and the menu still works. */
import { Component, type ComponentChildren } from 'preact'
import { Notice } from '../components/notice.tsx'
import { useWords } from './language.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export class PageBoundary extends Component<{ readonly children: ComponentChildren }, { readonly reason?: string }> {
  override state: { readonly reason?: string } = {}

  static override getDerivedStateFromError(error: unknown) {
    return { reason: error instanceof Error ? error.message : String(error) }
  }

  override render() {
    const { reason } = this.state
    return reason === undefined ? this.props.children : <Broken reason={reason} />
  }
}

function Broken({ reason }: { readonly reason: string }) {
  const words = useWords(english, swedish)
  return (
    <Notice kind="bad" title={words('broken')}>
      <p>{words('brokenNext', { reason })}</p>
    </Notice>
  )
}
