/**
 * Which logs a mirror copies, and where. The copy of a log is in the folder at the path of the log's address, so that the folder can be served
 * as the ledger serves: `https://ledger.example/log/acme` is copied to `DIR/log/acme`.
 */
import { SourceError } from '../../../shared/verify/log-source.ts'
import { Misuse } from '../../command-line.ts'
import { type HttpReaderOptions, httpReader } from '../http-reader.ts'

export interface MirroredLog {
  readonly address: string
  /** Below the mirror's folder. */
  readonly path: string
}

const maxFrontBytes = 4_000_000
/** A name in a path, which cannot lead out of the folder and is no hidden file. */
const segment = /^[A-Za-z0-9_~-][\w.~-]{0,127}$/

/** The logs of a controller. */
const pathsOf = (controller: string): readonly string[] => [`log/${controller}`]

/**
 * @param place address of a log or of a ledger
 * @param controllers those of a ledger that were asked for; none: those that its front page names
 */
export async function mirroredLogs(
  place: string,
  controllers: readonly string[],
  options: HttpReaderOptions,
): Promise<MirroredLog[]> {
  const base = URL.parse(place)
  if (
    base === null ||
    !/^https?:$/.test(base.protocol) ||
    base.search !== '' ||
    base.hash !== '' ||
    base.username !== ''
  )
    throw new Misuse(`${place}: write the address of a log or a ledger, like https://ledger.example/log/acme`)
  if (!base.pathname.endsWith('/')) base.pathname += '/'
  if (controllers.length === 0 && (await isLog(base, options))) return [logAt(base)]
  const named = controllers.length > 0 ? controllers : await publicControllers(base, options)
  if (named.length === 0)
    throw new Misuse(`${place} is no log, and names no controllers: give --controller C, or the address of a log`)
  return named.flatMap(pathsOf).map((path) => logAt(new URL(`${path}/`, base)))
}

function logAt(base: URL): MirroredLog {
  const path = base.pathname.replace(/^\/|\/$/g, '')
  if (path !== '' && !path.split('/').every((name) => segment.test(name)))
    throw new Misuse(`${base}: the path of a log has letters, digits, and ._~- in its names`)
  return { address: base.href, path }
}

async function isLog(base: URL, options: HttpReaderOptions): Promise<boolean> {
  try {
    await httpReader(base.href, options)('checkpoint', { maxBytes: maxFrontBytes })
    return true
  } catch (error) {
    if (error instanceof SourceError && error.code === 'absent') return false
    throw error
  }
}

/** A ledger names on its front page the controllers that its operator made public. */
async function publicControllers(base: URL, options: HttpReaderOptions): Promise<string[]> {
  const file = { maxBytes: maxFrontBytes, headers: { accept: 'application/json' } }
  try {
    const { controllers } = JSON.parse(Buffer.from(await httpReader(base.href, options)('', file)).toString())
    const names: unknown[] = Array.isArray(controllers) ? controllers.map((each) => each?.controller) : []
    return names.filter((name) => typeof name === 'string' && segment.test(name)) as string[]
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof SourceError && error.code === 'absent')) return []
    throw error
  }
}
