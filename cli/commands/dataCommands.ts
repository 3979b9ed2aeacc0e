// `ratchet data …`: recorded candles brought into one form, looked through, and fetched from the broker.
import { Command } from 'commander';
import { dataCheckCommand } from './dataCheck';
import { dataFetchCommand } from './dataFetch';
import { dataImportCommand } from './dataImport';

export const dataCommand = new Command('data')
  .description('recorded candles: import files, look through them, fetch the broker’s history')
  .addCommand(dataImportCommand)
  .addCommand(dataCheckCommand)
  .addCommand(dataFetchCommand);
