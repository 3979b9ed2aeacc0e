// Every workflow of the system: what a worker's bundle contains.
export { deliverAlert } from './deliverAlert';
export { position } from './position';
export { scheduledDay } from './scheduledDay';
export { tradingDay } from './tradingDay';
