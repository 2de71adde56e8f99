/**
 * The script of the API reference, `/reference`: Swagger UI shows the ledger's own OpenAPI document and can send requests to the same ledger.
 * It asks no other server, and forgets a credential with the page.
 */
import SwaggerUi from 'swagger-ui-dist/swagger-ui-es-bundle.js'
import { plainDescriptions } from './plain-descriptions.ts'
import { withinPage } from './within-page.ts'

const dark = matchMedia('(prefers-color-scheme: dark)')
/** Swagger UI’s dark theme is a class of the document. */
const followSystem = () => document.documentElement.classList.toggle('dark-mode', dark.matches)
dark.addEventListener('change', followSystem)
followSystem()

SwaggerUi({
  dom_id: '#reference',
  url: '/openapi.json',
  layout: 'BaseLayout',
  presets: [SwaggerUi.presets.apis],
  plugins: [plainDescriptions, withinPage],
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  syntaxHighlight: { theme: 'tomorrow-night' },
  validatorUrl: null,
  queryConfigEnabled: false,
  persistAuthorization: false,
})
