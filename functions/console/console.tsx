/**
 * The console: an auditor's pages, a controller's desk, and what everyone may use without signing in. Static files; all data comes from the
 * ledger that served them, in the name of the reader who is signed in.
 */
import { type ComponentType, render } from 'preact'
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks'
import { Notice } from './components/notice.tsx'
import { Outcome } from './components/outcome.tsx'
import { pages } from './pages.ts'
import { emptyQuestion, type Question, QuestionContext } from './question/question.ts'
import { atInstant } from './shell/at-instant.ts'
import { type Configuration, fetchConfiguration } from './shell/configuration.ts'
import {
  initialLanguage,
  type Language,
  LanguageContext,
  rememberLanguage,
  useFormats,
  useWords,
} from './shell/language.ts'
import { Layout } from './shell/layout.tsx'
import { SessionContext, signedIn } from './shell/ledger.ts'
import { PageBoundary } from './shell/page-boundary.tsx'
import { useRoute } from './shell/route.ts'
import { currentSession, finishSignIn, type Session, signOut } from './shell/sign-in.ts'
import { reasonOf, SignInForm } from './shell/sign-in-form.tsx'
import { useWork } from './shell/use-work.ts'
import { english } from './shell/words-en.ts'
import { swedish } from './shell/words-sv.ts'
import './styles/console.css'

/** Before the end of a session, with time to finish what is being written (WCAG 2.2, 2.2.1). */
const warningMs = 300_000

/** What the first look at address and configuration found. */
interface Start {
  readonly configuration: Configuration
  readonly refusal?: string
}

function Console() {
  const [language, setLanguage] = useState<Language>(initialLanguage)
  const choose = (chosen: Language) => {
    rememberLanguage(chosen)
    setLanguage(chosen)
  }
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  return (
    <LanguageContext.Provider value={language}>
      <Shell onLanguage={choose} />
    </LanguageContext.Provider>
  )
}

function Shell({ onLanguage }: { readonly onLanguage: (language: Language) => void }) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const route = useRoute()
  const [session, setSession] = useState<Session | undefined>(currentSession)
  const [hasEnded, setHasEnded] = useState(false)
  const [isEnding, setIsEnding] = useState(false)
  const [work, start] = useWork<Start>()
  const [question, setQuestion] = useState<Question>(emptyQuestion)
  const begin = useCallback(() => {
    start(async () => {
      const configuration = await fetchConfiguration()
      try {
        if (await finishSignIn(configuration)) setSession(currentSession())
        return { configuration }
      } catch (error) {
        return { configuration, refusal: reasonOf(error) }
      }
    })
  }, [start])
  useEffect(begin, [begin])
  useEffect(() => {
    if (session === undefined) return
    const end = () => {
      signOut()
      setSession(undefined)
      setHasEnded(true)
    }
    setIsEnding(false)
    const stops = [atInstant(session.endsAt - warningMs, () => setIsEnding(true)), atInstant(session.endsAt, end)]
    return () => {
      for (const stop of stops) stop()
    }
  }, [session])
  const reader = useMemo(() => {
    const leave = () => {
      signOut()
      setSession(undefined)
    }
    return session && signedIn(session, leave)
  }, [session])

  // Without a page in the address the reader is at the first one that their session opens.
  const home = pages.find(({ scope }) => scope !== undefined && session?.scopes.includes(scope)) ?? pages[0]
  const page = route.path === '' ? home : pages.find(({ path }) => path === route.path)
  const isAllowed = page?.scope === undefined || session?.scopes.includes(page.scope)
  const title = page === undefined ? words('notFound') : isAllowed ? words(page.path) : words('signIn')
  return (
    <SessionContext.Provider value={reader}>
      <Layout page={page} title={title} onLanguage={onLanguage}>
        {session && isEnding && page?.scope !== undefined && (
          <Notice kind="warning">
            {words('sessionEnds', { at: formats.instant(new Date(session.endsAt).toISOString()) })}
          </Notice>
        )}
        {page === undefined && <p>{words('notFoundNext')}</p>}
        {page && isAllowed && (
          <PageBoundary key={page.path}>
            <QuestionContext.Provider value={{ question, setQuestion }}>
              <LoadedPage load={page.load} />
            </QuestionContext.Provider>
          </PageBoundary>
        )}
        {page && !isAllowed && (
          <Outcome work={work} retry={begin}>
            {({ configuration, refusal }) => (
              <>
                {hasEnded && <Notice kind="warning">{words('sessionEnded')}</Notice>}
                {refusal !== undefined && <Notice kind="bad">{words('signInFailed', { reason: refusal })}</Notice>}
                {session && <Notice kind="warning">{words('needsScope', { scope: page.scope ?? '' })}</Notice>}
                <SignInForm configuration={configuration} scope={page.scope} />
              </>
            )}
          </Outcome>
        )}
      </Layout>
    </SessionContext.Provider>
  )
}

function LoadedPage({ load }: { readonly load: () => Promise<ComponentType> }) {
  const words = useWords(english, swedish)
  const [work, start] = useWork<{ readonly Component: ComponentType }>()
  const begin = useCallback(() => start(async () => ({ Component: await load() })), [load, start])
  useEffect(begin, [begin])
  // A browser does not ask again for code that it did not get, and a release gives its files other names: only loading the console anew helps.
  if (work.state === 'failed')
    return (
      <Notice kind="bad">
        <p>{words('codeMissing')}</p>
        <button type="button" class="quiet" onClick={() => location.reload()}>
          {words('loadAgain')}
        </button>
      </Notice>
    )
  return <Outcome work={work}>{({ Component }) => <Component />}</Outcome>
}

const root = document.getElementById('console')
if (root) {
  root.replaceChildren()
  render(<Console />, root)
}
