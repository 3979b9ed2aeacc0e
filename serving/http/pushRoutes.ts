// The admin API of new versions: declare one, then send its file. The file is checked in a process of its own
// before it can be rolled out. Being stored does not make it serve.
import { maxPushBytes, pushDeclarationSchema } from '../repository/pushedVersions';
import { refused } from '../protocol/errors';
import type { ModelRegistry } from '../registry/modelRegistry';
import { versionPattern } from '../repository/modelConfig';
import { parsed } from './bodies';
import type { Route, RouteCall } from './routes';

const path = '/v2/admin/models/:model/versions/:version';

/** Declare a version and send its file. */
export function pushRoutes(registry: ModelRegistry): readonly Route[] {
  return [
    {
      method: 'post',
      path,
      summary: 'Declare a new version: its SHA-256, its golden cases, who and why',
      answer: async ({ parameters, body }) => {
        const { model, version } = target(parameters);
        await registry.declarePush(model, version, parsed(pushDeclarationSchema, body));
        return { status: 200, json: { model, version } };
      },
    },
    {
      method: 'post',
      path: `${path}/file`,
      summary: `Send the declared version as one raw .onnx file of at most ${maxPushBytes} bytes`,
      takesFile: true,
      answer: async ({ parameters, upload }) => {
        const { model, version } = target(parameters);
        if (upload !== undefined) await registry.receivePush(model, version, upload);
        return { status: 200, json: { model, version, proven: true } };
      },
    },
  ];
}

function target(parameters: RouteCall['parameters']): { model: string; version: string } {
  const { model = '', version = '' } = parameters as { model?: string; version?: string };
  if (!versionPattern.test(version)) {
    throw refused('INPUT_INVALID', 'version must be a whole number from 1 to 999999999.');
  }
  return { model, version };
}
