import { c15tLinking } from '../c15t/identify.ts'
import { linkEndpoints } from '../endpoints/links.ts'
import { askErasureEndpoints } from '../endpoints/own-erasures.ts'
import { createHandler, type Endpoints } from '../http/app.ts'
import { instanceOnAws } from './wiring.ts'

const endpoints: Endpoints<'link'> = { ...linkEndpoints, ...askErasureEndpoints, ...c15tLinking }

export const handler = createHandler(endpoints, instanceOnAws('link'))
