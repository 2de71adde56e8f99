/** The frame of every page: a way past the menu, name, menu, session, language, and the page in `main`. */
import type { ComponentChildren } from 'preact'
import { useContext, useEffect, useRef } from 'preact/hooks'
import type { Page } from '../pages.ts'
import { type Language, languageNames, languages, useLanguage, useWords } from './language.ts'
import { SessionContext } from './ledger.ts'
import { Menu } from './menu.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface LayoutProps {
  readonly page: Page | undefined
  readonly title: string
  readonly onLanguage: (language: Language) => void
  readonly children: ComponentChildren
}

export function Layout({ page, title, onLanguage, children }: LayoutProps) {
  const words = useWords(english, swedish)
  const language = useLanguage()
  const session = useContext(SessionContext)
  const heading = useRef<HTMLHeadingElement>(null)
  const isFirst = useRef(true)
  // The part after `#` names the page, so the way past the menu moves the focus instead of following a link.
  // A new page begins at its heading, for eyes and for screen readers alike. The first one leaves the focus where the browser has it.
  useEffect(() => {
    document.title = words('titleOf', { page: title })
    if (isFirst.current) isFirst.current = false
    else heading.current?.focus()
  }, [title, words])

  return (
    <>
      <button type="button" class="skip" onClick={() => heading.current?.focus()}>
        {words('skip')}
      </button>
      <header class="top">
        <a class="name" href="/">
          {words('title')}
        </a>
        <div class="top-end">
          {languages
            .filter((tag) => tag !== language)
            .map((tag) => (
              <button key={tag} type="button" class="link" lang={tag} onClick={() => onLanguage(tag)}>
                {languageNames[tag]}
              </button>
            ))}
          {session && (
            <>
              <span class="session">{words('signedInAs', { name: session.name })}</span>
              <button type="button" class="link" onClick={session.signOut}>
                {words('signOut')}
              </button>
            </>
          )}
        </div>
      </header>
      <Menu page={page} />
      <main>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {children}
      </main>
      <footer class="foot">
        <a href="licences.txt">{words('licences')}</a>
      </footer>
    </>
  )
}
