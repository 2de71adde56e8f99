// Every call carries a token, so the code that verifies tokens is loaded at start.
import '../http/tokens.ts'
import { c15tLegalDocuments } from '../c15t/legal-document.ts'
import { administrationEndpoints } from '../endpoints/administration.ts'
import { createHandler, type Endpoints } from '../http/app.ts'
import { instanceOnAws } from './wiring.ts'

const instance = instanceOnAws('administer')
const endpoints: Endpoints<'administer'> = { ...administrationEndpoints, ...c15tLegalDocuments }

export const handler = createHandler(endpoints, instance)
