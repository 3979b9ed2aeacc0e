// Charges of an intraday order in November 2026, worked out once more from the published rates for the
// checker alone: brokerage 0.03 % at most ₹20, STT 0.025 % on sales, exchange 0.00307 %, SEBI 0.0001 %,
// stamp 0.003 % on purchases, GST 18 %. Each part is rounded half up to the paisa.

/** `amount` × `rate` per 10⁹, half up; BigInt since the product passes 2⁵³. */
const part = (amount: number, perBillion: number): number =>
  Number((BigInt(amount) * BigInt(perBillion) * 2n + 1_000_000_000n) / 2_000_000_000n);

/** Everything an order of this turnover (paise) cost. */
export function chargesOf(side: string, turnover: number): number {
  const brokerage = Math.min(part(turnover, 300_000), 2_000);
  const exchange = part(turnover, 30_700);
  const sebi = part(turnover, 1_000);
  const stt = side === 'SELL' ? part(turnover, 250_000) : 0;
  const stamp = side === 'BUY' ? part(turnover, 30_000) : 0;
  return brokerage + exchange + sebi + stt + stamp + part(brokerage + exchange + sebi, 180_000_000);
}
