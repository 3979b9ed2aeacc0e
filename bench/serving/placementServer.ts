// The whole model server with its models in the place named. Usage: placementServer --models DIR --trust FILE --place NAME.
import { parseArgs } from 'node:util';
import { readPublicKey } from '../../infra/signingKey';
import { startModelServer } from '../../serving/index';
import { placements } from './placements';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      models: { type: 'string', default: '' },
      trust: { type: 'string', default: '' },
      place: { type: 'string', default: '' },
    },
  });
  const makeScorer = placements.get(values.place);
  const server = await startModelServer({
    models: values.models,
    trusted: [readPublicKey('--trust', values.trust)],
    ...(makeScorer !== undefined && { makeScorer }),
  });
  process.stdout.write(`${JSON.stringify({ url: server.url })}\n`);
  process.once('SIGTERM', () => void server.close().then(() => process.exit(0)));
}

void main();
