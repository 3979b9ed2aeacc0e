// Is the account ready to trade? The same questions for a person who asks and for a day that starts.
export { readinessFacts, readinessNeeds, type ReadinessPorts } from './gather';
export {
  createReadinessActivities,
  type ReadinessActivities,
  type SessionAnswer,
} from './dayReadiness';
export { sendProbe } from './probe';
export { recordedReceivers, testReceivers } from './receivers';
