import { createDeliverHandler } from '../jobs/deliver.ts'
import { deliveryOnAws } from './delivery-wiring.ts'

export const handler = createDeliverHandler(deliveryOnAws())
