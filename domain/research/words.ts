// Numbers of a search in words.
import { formatRupees, paise } from '../units';

/** An amount in paise that need not be whole, such as a mean. */
export const roundedRupees = (amount: number): string => formatRupees(paise(Math.round(amount)));

export const daysText = (days: number): string => (days === 1 ? '1 day' : `${days} days`);
