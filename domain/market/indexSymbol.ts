/** The index that the market as a whole is measured by. */
export const indexSymbol = 'NIFTY 50';
