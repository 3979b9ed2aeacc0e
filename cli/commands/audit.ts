// `ratchet audit verify`: are the records of money and of what people did as they were written? It walks the chain
// that the database has kept of them (docs/audit.md). Exit code 1 when anything is wrong.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { verifyAudit, type WrittenHead } from '../../activities/ledger/auditChain';
import { headsInReport } from '../../activities/reports';
import { faultSentence, headSentence, type AuditVerdict } from '../../domain/audit/verdict';
import { reportsIn, systemFolder } from '../../infra/accountFolder';
import { loadConfig } from '../../infra/config/config';
import { livingSystem } from '../../infra/supervisor/runFolder';
import { withAccountRecords } from '../accountRecords';
import { print } from '../text/output';

interface VerifyFlags {
  readonly account?: string;
  readonly config?: string;
  readonly head?: string;
  readonly reports?: string;
  readonly json?: true;
}

const headHash = (text: string): string => {
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  throw new InvalidArgumentError(`must be 64 hexadecimal digits, was "${text}".`);
};

/** The folder with the reports of the records that are read; undefined where nothing says which it is. */
function reportFolder(account: string): string | undefined {
  const running = livingSystem();
  if (running?.account === account && process.env['DATABASE_URL'] === undefined)
    return running.environment['RATCHET_REPORTS'];
  return process.env['DATABASE_URL'] === undefined
    ? reportsIn(systemFolder('live', account))
    : undefined;
}

/** The heads that the account's reports have. */
function reportedHeads(folder: string | undefined, account: string): readonly WrittenHead[] {
  if (folder === undefined || !existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.startsWith(`report-${account}-`) && name.endsWith('.html'))
    .sort()
    .flatMap((name) =>
      headsInReport(readFileSync(join(folder, name), 'utf8')).map((head) => ({
        ...head,
        where: name,
      })),
    );
}

async function verify(flags: VerifyFlags): Promise<void> {
  const account = flags.account ?? livingSystem()?.account ?? loadConfig(flags.config).account;
  const named = flags.head;
  const written = [
    ...reportedHeads(flags.reports ?? reportFolder(account), account),
    ...(named === undefined ? [] : [{ account, hash: named, where: '--head' }]),
  ];
  const verdict = await withAccountRecords(account, (pool) =>
    verifyAudit(pool, flags.account, written),
  );
  print(flags.json === true, { ...verdict, headsHeld: written.length }, () =>
    linesOf(verdict, written.length),
  );
  if (verdict.faults.length > 0) process.exitCode = 1;
}

function linesOf({ heads, links, faults }: AuditVerdict, held: number): readonly string[] {
  const [first, ...others] = faults;
  const sealed = heads.map(headSentence);
  if (first === undefined)
    return [
      ...sealed,
      `✓ ${links} links agree with the records${held === 0 ? '; no head written down earlier was held against them' : ` and with ${held} heads written down earlier`}`,
    ];
  const more = others.length === 0 ? '' : `, and ${others.length} more (--json lists them)`;
  return [...sealed, `✗ ${faultSentence(first)}${more}`];
}

export const auditCommand = new Command('audit')
  .description('the chain that seals the records of money and of what people did')
  .addCommand(
    new Command('verify')
      .description('hold the records against the chain; exit 1 when a row or a link is wrong')
      .option('--account <name>', 'only this account’s chain; default all of the database')
      .option('--config <file>', 'configuration file (JSON) that names the account')
      .option('--head <hash>', 'a head written down earlier, which must be in the chain', headHash)
      .option(
        '--reports <folder>',
        'reports whose heads must be in the chain; default the account’s',
      )
      .option('--json', 'print one JSON document')
      .action(verify),
  );
