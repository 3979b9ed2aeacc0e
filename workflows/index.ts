// Every workflow of the system: what a worker's bundle contains.
export { deliverAlert } from './deliverAlert';
export { modelRollout } from './modelRollout';
export { modelWatch } from './modelWatch';
export { position } from './position';
export { scheduledDay } from './scheduledDay';
export { tradingDay } from './tradingDay';
