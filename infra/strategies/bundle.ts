// Makes one text of a strategy's files and of what it imports as `ratchet/strategy`. Only files of its own folder may
// be imported besides. The text is the same on every machine, so its hash says which code voted.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, posix, relative, resolve, sep } from 'node:path';
import {
  build,
  buildSync,
  type BuildFailure,
  type BuildOptions,
  type OnResolveResult,
  type Plugin,
} from 'esbuild';
import { Refused } from '../../domain/errors';
import { checkout } from '../checkout';

/** The file a strategy's folder must have. */
export const strategyFile = 'strategy.ts';
/** What a strategy imports; it stands for the folder `strategy/` of this installation. */
export const published = 'ratchet/strategy';
/** Under this name the bundle leaves what the file exports. */
export const bundleName = 'ratchetStrategy';

export interface StrategyBundle {
  readonly code: string;
  /** Where its lines are from; its sources are files relative to the strategy's folder. */
  readonly map: string;
  /** First 16 hex digits of the SHA-256 of the code. */
  readonly hash: string;
}

const usual: BuildOptions = {
  bundle: true,
  write: false,
  format: 'iife',
  platform: 'neutral',
  target: 'es2022',
  charset: 'utf8',
  logLevel: 'silent',
  legalComments: 'none',
  // The files are modules, which are strict; a bundle is none.
  banner: { js: '"use strict";' },
};

/** Namespaces of the bundle: files of the user's, and ours. */
const theirs = 'strategy';
const ours = 'ratchet';

/** @param name of the strategy. @throws Refused STRATEGY_CODE naming file and line. */
export async function bundleStrategy(name: string, folder: string): Promise<StrategyBundle> {
  try {
    const { outputFiles = [] } = await build({
      ...usual,
      entryPoints: [strategyFile],
      globalName: bundleName,
      outfile: 'strategy.js',
      sourcemap: 'external',
      sourcesContent: false,
      // import() would reach Node's own loader, and what async code leaves behind would end this process. Both become
      // reads of Promise, which a sandbox refuses.
      supported: {
        'dynamic-import': false,
        'async-await': false,
        'async-generator': false,
        'for-await': false,
      },
      plugins: [onlyOwnFiles(folder)],
    });
    const textOf = (end: string): string =>
      outputFiles.find(({ path }) => path.endsWith(end))?.text ?? '';
    const code = textOf('.js');
    const hash = createHash('sha256').update(code).digest('hex').slice(0, 16);
    return { code, map: textOf('.map'), hash };
  } catch (error) {
    const [first] = (error as Partial<BuildFailure>).errors ?? [];
    if (first === undefined) throw error;
    const { location, text } = first;
    const file = (location?.file ?? strategyFile).replace(`${theirs}:`, '');
    const line = location === null ? '' : `:${location.line}`;
    throw new Refused({ code: 'STRATEGY_CODE', message: `${name}/${file}${line}: ${text}` });
  }
}

/** The half of a sandbox that is ours, as one text. */
export function insideCode(): string {
  const { outputFiles = [] } = buildSync({
    ...usual,
    entryPoints: [join(checkout, 'infra', 'strategies', 'inside', 'index.ts')],
    globalName: 'ratchetInside',
  });
  return outputFiles[0]?.text ?? '';
}

const refused = (text: string): OnResolveResult => ({ errors: [{ text }] });

/** Finds files below a root, by paths that name no machine. */
function onlyOwnFiles(folder: string): Plugin {
  const roots: Readonly<Record<string, string>> = { [theirs]: folder, [ours]: checkout };
  return {
    name: 'only-own-files',
    setup(building) {
      building.onResolve({ filter: /.*/ }, ({ kind, path, importer, namespace }) => {
        if (kind === 'entry-point') return { path: strategyFile, namespace: theirs };
        if (namespace === theirs && path === published)
          return { path: 'strategy/index.ts', namespace: ours };
        const root = roots[namespace] ?? folder;
        if (!/^\.\.?\//.test(path)) return refused(notAllowed(path));
        const found = fileOf(root, posix.join(posix.dirname(importer), path));
        return found === null ? refused(notAllowed(path)) : { path: found, namespace };
      });
      for (const [namespace, root] of Object.entries(roots))
        building.onLoad({ filter: /.*/, namespace }, ({ path }) => ({
          contents: readFileSync(join(root, path), 'utf8'),
          loader: path.endsWith('.json') ? 'json' : 'ts',
        }));
    },
  };
}

const notAllowed = (path: string): string =>
  `it imports "${path}", but only ${published} and files in its own folder may be imported`;

/** The path below the root of what an import means; null where that is not a file below it. */
function fileOf(root: string, meant: string): string | null {
  const found = [meant, `${meant}.ts`, meant.replace(/\.js$/, '.ts'), `${meant}/index.ts`].find(
    (path) => existsSync(join(root, path)) && statSync(join(root, path)).isFile(),
  );
  if (found === undefined) return null;
  const below = relative(realpathSync(resolve(root)), realpathSync(join(root, found)));
  return below.startsWith('..') ? null : below.split(sep).join('/');
}
