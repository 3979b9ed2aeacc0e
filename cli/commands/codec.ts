// `ratchet codec`: lets a person read payloads in Temporal's UI while the command runs.
import { once } from 'node:events';
import { Command } from 'commander';
import { requireRunning } from '../../infra/supervisor/runFolder';
import { startCodecServer } from '../../infra/temporal/codecServer';
import { readingCodec } from '../../infra/temporal/connect';

interface CodecFlags {
  readonly ui?: string;
  readonly port: string;
}

/** The UI's page may be opened under either name. */
const originsOf = (ui: string): readonly string[] => {
  const { origin, port } = new URL(ui);
  return [origin, `http://localhost:${port}`];
};

export const codecCommand = new Command('codec')
  .description('show payloads in Temporal’s UI, decrypted, while this command runs')
  .option('--ui <address>', 'address of the UI; default the running system’s')
  .option('--port <number>', 'port on loopback; default any', '0')
  .action(async ({ ui, port }: CodecFlags) => {
    const running = ui === undefined ? requireRunning() : undefined;
    const environment = { ...running?.environment, ...process.env };
    const origins = originsOf(ui ?? running?.temporalUi ?? '');
    const server = await startCodecServer(readingCodec(environment), origins, Number(port));
    process.stdout.write(
      `${server.endpoint}\nPut this into the UI: Data Encoder, Codec Server endpoint. It ends with this command (Ctrl-C).\n`,
    );
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    await server.close();
  });
