import { companies } from '../exchange/market/companies';

/** The stock's industry group; a stock nobody has classified is a group of its own. */
export const sectorOf = (tradingsymbol: string): string =>
  companies.get(tradingsymbol)?.sector ?? tradingsymbol;
