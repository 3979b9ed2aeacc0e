// Shared by the exchange's tests: limits so wide that no test meets them by accident.
import type { RequestLimits } from '../../../infra/paper-exchange/rest/rateLimits';

export const unlimited: RequestLimits = {
  perSecond: { quote: 1e9, historical: 1e9, order: 1e9, other: 1e9 },
  ordersPerMinute: 1e9,
  ordersPerDay: 1e9,
};
