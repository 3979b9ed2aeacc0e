// The door before Temporal's UI. The UI looks at neither Host nor Origin, so a page in the user's browser could read
// it through a name of its own that leads here. It therefore listens where no page can guess, and people
// reach it through this door.
import { randomInt } from 'node:crypto';
import { request, type IncomingMessage, type ServerResponse } from 'node:http';
import { platform } from 'node:os';
import { arrivalOf, doorOf, refusalAt } from '../../domain/web/door';
import { serveOnLoopback, type LoopbackServer } from '../net/loopbackServer';

/** An address of this machine that nobody guesses; where the system has but one, that one. */
export const hiddenAddress = (): string =>
  platform() === 'linux'
    ? ['127', randomInt(1, 255), randomInt(0, 255), randomInt(1, 255)].join('.')
    : '127.0.0.1';

/** @param port where people come in. @param ui where the UI listens. */
export function openUiDoor(
  port: number,
  ui: { readonly host: string; readonly port: number },
): Promise<LoopbackServer> {
  const door = doorOf('127.0.0.1');
  return serveOnLoopback(port, (incoming, response) => {
    const refusal = refusalAt(door, arrivalOf(incoming));
    if (refusal === undefined) handOn(incoming, response, ui);
    else response.writeHead(refusal.status, { 'content-type': 'text/plain' }).end(refusal.sentence);
  });
}

function handOn(
  incoming: IncomingMessage,
  response: ServerResponse,
  ui: { readonly host: string; readonly port: number },
): void {
  const { method, url: path, headers } = incoming;
  const away = (): void => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502, { 'content-type': 'text/plain' }).end('The UI does not answer.');
  };
  const asked = request({ ...ui, method, path, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
    answer.on('error', away);
  });
  asked.on('error', away);
  incoming.pipe(asked);
}
