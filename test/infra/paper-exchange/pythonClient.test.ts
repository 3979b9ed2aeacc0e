// The official Python client on the exchange. It needs a Python with kiteconnect 5.2.2, looked for at
// RATCHET_KITE_PYTHON or ~/.cache/ratchet/kite-python; docs/paper-exchange.md says how to make one.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startPaperExchange } from '../../../infra/paper-exchange';
import { paise } from '../../../domain/units';
import { date, unlimited } from './support';

const python =
  process.env['RATCHET_KITE_PYTHON'] ?? join(homedir(), '.cache/ratchet/kite-python/bin/python');
const testWithPython = existsSync(python) ? test : test.skip;

testWithPython(
  'paper exchange: the official Python client passes all its checks (skipped without it)',
  async () => {
    const credentials = { apiKey: 'pykey', apiSecret: 'pysecret', accessToken: 'pytoken' };
    const paper = await startPaperExchange({
      date,
      source: { kind: 'scripted', instruments: [{ tradingsymbol: 'INFY', price: 10 }] },
      speed: 10,
      held: false,
      startAt: '09:30',
      openingCash: paise(10_000_000),
      credentials,
      limits: unlimited,
    });
    try {
      const { stdout } = await promisify(execFile)(python, [join(__dirname, 'conformance.py')], {
        timeout: 110_000,
        env: {
          PATH: process.env['PATH'],
          PAPER_REST: paper.rest,
          PAPER_TICKER: paper.ticker,
          PAPER_KEY: credentials.apiKey,
          PAPER_SECRET: credentials.apiSecret,
          PAPER_TOKEN: credentials.accessToken,
          PAPER_DATE: date,
        },
      });
      expect(stdout.match(/^ok /gm)?.length).toBeGreaterThanOrEqual(40);
      expect(stdout).toContain('ok logout');
    } finally {
      await paper.close();
    }
  },
);
