// `ratchet report`: writes the day's report again and prints its path, or its facts as JSON.
import { Command } from 'commander';
import { createReportActivities, dayFacts } from '../../activities/reports';
import { ratchetHome } from '../../infra/checkout';
import { print } from '../text/output';
import { chosenDay, withRecords, type DayChoice } from '../talk';

export const reportCommand = new Command('report')
  .description("write the day's report")
  .option('--account <name>', 'account; default the running one')
  .option('--date <date>', 'session date; default the running one')
  .option('--out <folder>', 'where to write it', ratchetHome)
  .option('--json', "print the day's facts as one JSON document")
  .action(async (flags: DayChoice & { out: string; json?: true }) => {
    const { account, date } = chosenDay(flags);
    await withRecords(async (pool) => {
      const summary = await createReportActivities(pool, flags.out).writeReport(account, date);
      const facts = flags.json === true ? await dayFacts(pool, account, date) : summary;
      print(flags.json === true, facts, () => [`report: ${summary.path}`]);
    });
  });
