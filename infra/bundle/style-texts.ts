/** Style sheets of the banner and the preference centre as texts, from which their scripts construct them (`functions/pages/surface.ts`). */
import { build, type Plugin } from 'esbuild'
import { clientBuild } from './package-code.ts'

/** The sheet with what it imports, minified. */
export async function styleSheet(path: string): Promise<string> {
  const { outputFiles } = await build({ ...clientBuild, entryPoints: [path], write: false })
  return outputFiles[0]?.text ?? ''
}

/** Gives a script below `functions/pages` that imports a style sheet its text. The console's own sheets stay files. */
export const styleTexts: Plugin = {
  name: 'styles-as-text',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]functions[\\/]pages[\\/].*\.css$/ }, async ({ path }) => ({
      contents: await styleSheet(path),
      loader: 'text',
    }))
  },
}
