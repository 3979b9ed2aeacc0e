// `ratchet service …`: a systemd unit that brings the system up at boot and keeps it up. Where systemd does not
// answer, the unit is written all the same and the commands that are left are printed.
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { Refused, wordsOf } from '../../domain/errors';
import { checkout } from '../../infra/checkout';
import { loadConfig, type RatchetConfig } from '../../infra/config/config';
import { requireConsent } from '../../infra/liveConsent';
import {
  carriedEnvironment,
  environmentFileOf,
  isLingering,
  leftVariables,
  serviceOwner,
  unitFolder,
  writableOf,
} from '../../infra/service/place';
import { askManager, managerCommand } from '../../infra/service/systemctl';
import { unitName, unitText, type UnitScope } from '../../infra/service/unit';
import { print } from '../text/output';

interface ServiceFlags {
  readonly system?: true;
  readonly config?: string;
  readonly account?: string;
  readonly json?: true;
}

const scopeOf = ({ system }: ServiceFlags): UnitScope => (system === true ? 'system' : 'user');

const accountOf = ({ account, config }: ServiceFlags): string =>
  account ?? loadConfig(config).account;

const unitFile = (flags: ServiceFlags): string =>
  join(unitFolder(scopeOf(flags)), unitName(accountOf(flags)));

/** Carries out what changes a file of a unit. @throws Refused SERVICE_PLACE where that is not allowed. */
function changed(file: string, change: () => void): void {
  try {
    change();
  } catch (error) {
    throw new Refused({
      code: 'SERVICE_PLACE',
      message: `${file} cannot be changed (${wordsOf(error)}); do it as root, or leave --system out`,
    });
  }
}

/** Runs commands of systemd in order. @returns what is left for a person, with the reason. */
async function managed(
  scope: UnitScope,
  commands: readonly (readonly string[])[],
): Promise<{ readonly left: readonly string[]; readonly why: string | null }> {
  for (const [index, args] of commands.entries()) {
    const answer = await askManager(scope, args);
    if (answer.kind === 'said' && answer.ok) continue;
    const why = answer.kind === 'said' ? answer.text : answer.why;
    return { left: commands.slice(index).map((one) => managerCommand(scope, one)), why };
  }
  return { left: [], why: null };
}

function checkedConfig(flags: ServiceFlags): RatchetConfig {
  const config = loadConfig(flags.config);
  if (flags.account !== undefined && flags.account !== config.account)
    throw new Refused({
      code: 'SERVICE_ACCOUNT',
      message: `--account is "${flags.account}", but the configuration's account is "${config.account}"`,
    });
  return config;
}

async function install(flags: ServiceFlags): Promise<void> {
  const config = checkedConfig(flags);
  const owner = serviceOwner();
  // Under sudo the consent is in the caller's folder, and the service itself asks for it.
  if (config.mode === 'live' && !owner.isBySudo) requireConsent(config);
  const scope = scopeOf(flags);
  const file = unitFile({ ...flags, account: config.account });
  const environmentFile = environmentFileOf(owner, config.account);
  const text = unitText({
    ...{ scope, account: config.account, mode: config.mode, user: owner.user },
    ...{ node: process.execPath, checkout, environmentFile, writable: writableOf(owner) },
    configFile: flags.config === undefined ? null : resolve(flags.config),
    environment: carriedEnvironment(),
  });
  changed(file, () => {
    mkdirSync(unitFolder(scope), { recursive: true });
    writeFileSync(`${file}.new`, text);
    chmodSync(`${file}.new`, 0o644);
    renameSync(`${file}.new`, file);
  });
  const name = unitName(config.account);
  const { left, why } = await managed(scope, [['daemon-reload'], ['enable', name]]);
  const lingers = scope === 'system' || isLingering(owner.user);
  const toDo = [
    ...left,
    ...(lingers ? [] : [`loginctl enable-linger ${owner.user}`]),
    managerCommand(scope, ['start', name]),
  ];
  const variables = leftVariables();
  print(flags.json === true, { file, enabled: why === null, why, toDo, variables }, () => [
    `written: ${file}`,
    why === null ? 'enabled: it starts at boot' : `not enabled: ${why}`,
    ...(variables.length === 0
      ? []
      : [
          `this shell sets ${variables.join(', ')}; the unit does not: write them into ${environmentFile} (chmod 600)`,
        ]),
    `${lingers ? '' : 'without lingering a unit of a user starts with the first login; '}to do:`,
    ...toDo.map((command) => `  ${command}`),
  ]);
}

async function status(flags: ServiceFlags): Promise<void> {
  const file = unitFile(flags);
  const name = unitName(accountOf(flags));
  const said = async (question: string): Promise<string> => {
    const answer = await askManager(scopeOf(flags), [question, name]);
    return answer.kind === 'said' ? answer.text : answer.why;
  };
  const facts = {
    file: existsSync(file) ? file : null,
    enabled: await said('is-enabled'),
    active: await said('is-active'),
  };
  print(flags.json === true, facts, () => [
    `unit: ${facts.file ?? `not written (${file})`}`,
    `enabled: ${facts.enabled}`,
    `active: ${facts.active}`,
  ]);
}

async function remove(flags: ServiceFlags): Promise<void> {
  const file = unitFile(flags);
  const name = unitName(accountOf(flags));
  if (!existsSync(file))
    throw new Refused({ code: 'SERVICE_MISSING', message: `there is no unit ${file}` });
  const stopped = await managed(scopeOf(flags), [['disable', '--now', name]]);
  changed(file, () => rmSync(file));
  const { left, why } = await managed(scopeOf(flags), [['daemon-reload']]);
  const toDo = [...stopped.left, ...left];
  print(flags.json === true, { file, why: stopped.why ?? why, toDo }, () => [
    `removed: ${file}`,
    ...(toDo.length === 0 ? [] : [`${stopped.why ?? why ?? ''}; to do:`]),
    ...toDo.map((command) => `  ${command}`),
  ]);
}

const withOptions = (command: Command): Command =>
  command
    .option('--system', 'of the machine; default of this user')
    .option('--config <file>', 'configuration file (JSON)')
    .option('--account <name>', 'account; default the configured one')
    .option('--json', 'print one JSON document');

export const serviceCommand = new Command('service').description(
  'a systemd unit that brings the system up at boot and keeps it up',
);

withOptions(serviceCommand.command('install').description('write the unit and enable it')).action(
  install,
);

withOptions(
  serviceCommand.command('status').description('is the unit written, enabled, active?'),
).action(status);

withOptions(
  serviceCommand.command('remove').description('stop the service and take its unit away'),
).action(remove);
