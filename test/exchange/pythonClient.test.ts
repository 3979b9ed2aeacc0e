// The official Python client on the exchange, unmodified but for its root address. The checks are in
// python/; here the exchange is started, with its clock held so that every figure is known beforehand.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startPaperExchange } from '../../exchange/start';
import { paise } from '../../domain/units';
import { pythonWith } from '../support/pythonEnvironment';
import { date, unlimited } from './support';

const python = pythonWith('kiteconnect-5.2.2', ['kiteconnect==5.2.2']);
const testWithPython = python === undefined ? test.skip : test;

testWithPython(
  'paper exchange: the official Python client passes all its checks (skipped without it)',
  async () => {
    const credentials = { apiKey: 'pykey', apiSecret: 'pysecret', accessToken: 'pytoken' };
    const paper = await startPaperExchange({
      date,
      source: {
        kind: 'scripted',
        instruments: [
          { tradingsymbol: 'INFY', price: 10 },
          { tradingsymbol: 'VGUARD', price: 350, hasDerivatives: false },
          { tradingsymbol: 'NIFTY 50', price: 24_000, isIndex: true },
        ],
      },
      speed: 1,
      held: true,
      startAt: '09:30',
      openingCash: paise(10_000_000),
      holdings: [
        { tradingsymbol: 'VGUARD', quantity: 20, t1Quantity: 5, averagePrice: paise(30_000) },
      ],
      credentials,
      limits: unlimited,
    });
    paper.exchange.advanceTo(paper.exchange.now);
    try {
      const { stdout } = await promisify(execFile)(
        python ?? '',
        [join(__dirname, 'python', 'conformance.py')],
        {
          timeout: 110_000,
          env: {
            PATH: process.env['PATH'],
            PYTHONDONTWRITEBYTECODE: '1',
            TZ: 'Asia/Kolkata',
            PAPER_REST: paper.rest,
            PAPER_TICKER: paper.ticker,
            PAPER_KEY: credentials.apiKey,
            PAPER_SECRET: credentials.apiSecret,
            PAPER_TOKEN: credentials.accessToken,
            PAPER_DATE: date,
          },
        },
      );
      expect(stdout.match(/^ok /gm)?.length).toBeGreaterThanOrEqual(150);
      expect(stdout.trimEnd().endsWith('done')).toBe(true);
    } finally {
      await paper.close();
    }
  },
);
