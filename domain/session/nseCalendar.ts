// The calendar NSE has published to date: the list a configuration starts from. Later circulars are added in
// its section `calendar`. Dates checked against traded days from 2018 on.
import type { SessionDate, TradingCalendar } from './calendar';

/** Weekday holidays, `MM-DD`. */
const holidays: Readonly<Record<number, string>> = {
  2018: '01-26 02-13 03-02 03-29 03-30 05-01 08-15 08-22 09-13 09-20 10-02 10-18 11-08 11-23 12-25',
  2019: '03-04 03-21 04-17 04-19 04-29 05-01 06-05 08-12 08-15 09-02 09-10 10-02 10-08 10-21 10-28 11-12 12-25',
  2020: '02-21 03-10 04-02 04-06 04-10 04-14 05-01 05-25 10-02 11-16 11-30 12-25',
  2021: '01-26 03-11 03-29 04-02 04-14 04-21 05-13 07-21 08-19 09-10 10-15 11-05 11-19',
  2022: '01-26 03-01 03-18 04-14 04-15 05-03 08-09 08-15 08-31 10-05 10-26 11-08',
  2023: '01-26 03-07 03-30 04-04 04-07 04-14 05-01 06-29 08-15 09-19 10-02 10-24 11-14 11-27 12-25',
  2024: '01-22 01-26 03-08 03-25 03-29 04-11 04-17 05-01 05-20 06-17 07-17 08-15 10-02 11-15 11-20 12-25',
  2025: '02-26 03-14 03-31 04-10 04-14 04-18 05-01 08-15 08-27 10-02 10-22 11-05 12-25',
  2026: '01-15 01-26 03-03 03-26 03-31 04-03 04-14 05-01 05-28 06-26 09-14 10-02 10-20 11-10 11-24 12-25',
};

const datesOf = ([year, days]: readonly [string, string]): readonly SessionDate[] =>
  days.split(' ').map((day) => `${year}-${day}`);

export const nseCalendar: TradingCalendar = {
  years: Object.keys(holidays).map(Number),
  holidays: Object.entries(holidays).flatMap(datesOf),
  sessions: [
    // Weekends with the usual hours: the budget's day, and the day before the holiday of 22 January 2024.
    { date: '2020-02-01' },
    // Trading stopped at 11:40, and went on after the usual close.
    { date: '2021-02-24', hours: ['09:15-11:40', '15:45-17:00'] },
    { date: '2024-01-20' },
    { date: '2025-02-01' },
    { date: '2026-02-01' },
    // Saturdays with a switch to the exchange's other site between two sessions.
    { date: '2024-03-02', hours: ['09:15-10:00', '11:30-12:30'] },
    { date: '2024-05-18', hours: ['09:15-10:00', '11:45-12:40'] },
  ],
  hoursUnknown: [
    '2018-11-07',
    '2019-10-27',
    '2020-11-14',
    '2021-11-04',
    '2022-10-24',
    '2023-11-12',
    '2024-11-01',
    '2025-10-21',
    '2026-11-08',
  ],
};
