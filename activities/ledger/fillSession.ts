/** SQL: the session of a row of `fill` of `intent i`: the date of the trade, and never before its intent's. */
export const fillSession = (fill = 'f'): string =>
  `greatest(i.date, (to_timestamp(${fill}.at / 1000.0) at time zone 'Asia/Kolkata')::date)`;
