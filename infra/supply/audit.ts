// Asks the npm registry for known weaknesses of what runs, and says plainly when it could not be asked: a registry
// without the service is not one that found nothing.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { parsedJson } from '../../domain/json';
import { checkout } from '../checkout';
import { npm } from './npm';

export type AuditOutcome =
  | { readonly kind: 'clean' }
  | { readonly kind: 'found'; readonly weaknesses: readonly string[] }
  | { readonly kind: 'not asked'; readonly why: string };

const report = z.looseObject({
  vulnerabilities: z.record(
    z.string(),
    z.looseObject({ name: z.string(), severity: z.string(), range: z.string() }),
  ),
});
const failure = z.looseObject({
  message: z.string().optional(),
  error: z.looseObject({ summary: z.string().optional() }).optional(),
});

/** What `npm audit --json` has said. */
export function auditOutcome(said: string): AuditOutcome {
  const json = parsedJson(said);
  const { data } = report.safeParse(json);
  if (data !== undefined) {
    const weaknesses = Object.values(data.vulnerabilities).map(
      ({ name, severity, range }) => `${name} ${range}: ${severity}`,
    );
    return weaknesses.length === 0 ? { kind: 'clean' } : { kind: 'found', weaknesses };
  }
  const { message, error } = failure.safeParse(json).data ?? {};
  const why = [message, error?.summary].find((each) => each !== undefined && each !== '');
  return { kind: 'not asked', why: why ?? 'npm gave no answer that can be read' };
}

/** Asks the registry that npm is set to. */
export async function auditDependencies(): Promise<AuditOutcome> {
  const args = ['audit', '--json', '--omit=dev', '--package-lock-only'];
  const child = spawn(npm, args, { cwd: checkout, stdio: ['ignore', 'pipe', 'ignore'] });
  const started = new Promise<string | undefined>((resolve) => {
    child.once('error', ({ message }) => resolve(message));
    child.once('spawn', () => resolve(undefined));
  });
  const why = await started;
  return why === undefined ? auditOutcome(await text(child.stdout)) : { kind: 'not asked', why };
}
