// The options by which a command is about one day.
import type { Command } from 'commander';

/** Account, date and JSON output. */
export const withDayOptions = (command: Command): Command =>
  command
    .option('--account <name>', 'account; default the running one')
    .option('--date <date>', 'session date; default the running one')
    .option('--json', 'print one JSON document');
