// Charges of an order in November 2026, derived again from the published rates for the checker alone:
// brokerage 0.03 %, at most ₹20, STT 0.025 % on sales, exchange 0.00307 %, SEBI 0.0001 %, stamp 0.003 % on
// purchases, GST 18 %. Delivery has no brokerage, STT 0.1 % on both sides and stamp 0.015 %. Each part is
// rounded half up to the paisa.

/** `amount` × `rate` per 10⁹, half up; BigInt since the product passes 2⁵³. */
const part = (amount: number, perBillion: number): number =>
  Number((BigInt(amount) * BigInt(perBillion) * 2n + 1_000_000_000n) / 2_000_000_000n);

/** Everything an order of this turnover (paise) cost. */
export function chargesOf(side: string, turnover: number, product = 'MIS'): number {
  const intraday = product !== 'CNC';
  const brokerage = intraday ? Math.min(part(turnover, 300_000), 2_000) : 0;
  const exchange = part(turnover, 30_700);
  const sebi = part(turnover, 1_000);
  const sttRate = intraday ? (side === 'SELL' ? 250_000 : 0) : 1_000_000;
  const stt = part(turnover, sttRate);
  const stamp = side === 'BUY' ? part(turnover, intraday ? 30_000 : 150_000) : 0;
  return brokerage + exchange + sebi + stt + stamp + part(brokerage + exchange + sebi, 180_000_000);
}
