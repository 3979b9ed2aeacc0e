// What runs and does not come from npm as itself: the Temporal CLI, Postgres with the libraries its binaries bring,
// the shipped models, and the Python packages they were trained with.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { checkout } from '../checkout';
import temporal from '../setup/temporal.json';
import { bundledWithPostgres, postgresVersion, type BundledLibrary } from './bundledWithPostgres';

/** A component in the words of CycloneDX. */
export interface Component {
  readonly 'bom-ref': string;
  readonly type: 'application' | 'library' | 'machine-learning-model';
  readonly name: string;
  readonly version: string;
  readonly scope?: 'required' | 'excluded';
  readonly purl?: string;
  readonly licenses?: readonly { readonly license: Licence }[];
  readonly hashes?: readonly Hash[];
  readonly externalReferences?: readonly {
    readonly type: 'distribution';
    readonly url: string;
    readonly hashes: readonly Hash[];
  }[];
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

type Licence = BundledLibrary['licence'];

interface Hash {
  readonly alg: 'SHA-256';
  readonly content: string;
}

const sha256 = (content: string): Hash => ({ alg: 'SHA-256', content });
const licensed = (license: Licence): Pick<Component, 'licenses'> => ({ licenses: [{ license }] });
const known = (purl: string): Pick<Component, 'bom-ref' | 'purl'> => ({ 'bom-ref': purl, purl });

function temporalCli(): Component {
  const { module, version, sum, licence, archives } = temporal;
  const releases = `https://github.com/temporalio/cli/releases/download/v${version}`;
  return {
    ...known(`pkg:golang/${module}@v${version}`),
    type: 'application',
    name: module,
    version: `v${version}`,
    scope: 'required',
    ...licensed({ id: licence }),
    externalReferences: Object.values(archives).map((archive) => ({
      type: 'distribution',
      url: `${releases}/temporal_cli_${version}_${archive.name}.tar.gz`,
      hashes: [sha256(archive.sha256)],
    })),
    properties: [{ name: 'ratchet:go:sum', value: sum }],
  };
}

const postgres = (): readonly Component[] => [
  {
    ...known(`pkg:generic/postgresql@${postgresVersion}`),
    type: 'application',
    name: 'postgresql',
    version: postgresVersion,
    scope: 'required',
    ...licensed({ id: 'PostgreSQL' }),
  },
  ...bundledWithPostgres.map(({ name, version, licence }): Component => ({
    ...known(`pkg:generic/${name}@${version}`),
    type: 'library',
    name,
    version,
    scope: 'required',
    ...licensed(licence),
    properties: [{ name: 'ratchet:bundled-with', value: 'postgresql, linux-x64' }],
  })),
];

const manifest = z.looseObject({
  name: z.string(),
  version: z.string(),
  files: z.object({ 'model.onnx': z.string() }),
});

function models(): readonly Component[] {
  const folder = join(checkout, 'serving', 'models');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('manifest.json'),
  );
  return files.sort().map((file) => {
    const { name, version, files } = manifest.parse(
      JSON.parse(readFileSync(join(folder, file), 'utf8')),
    );
    return {
      'bom-ref': `model:${name}@${version}`,
      type: 'machine-learning-model',
      name,
      version,
      scope: 'required',
      hashes: [sha256(files['model.onnx'])],
    };
  });
}

/** They run in no system; what they made does. */
const pythonPackages = (): readonly Component[] =>
  readFileSync(join(checkout, 'training', 'requirements.txt'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', version = ''] = line.split('==');
      return {
        ...known(`pkg:pypi/${name.toLowerCase()}@${version}`),
        type: 'library',
        name,
        version,
        scope: 'excluded',
      };
    });

/** All of them. */
export const foreignComponents = (): readonly Component[] => [
  temporalCli(),
  ...postgres(),
  ...models(),
  ...pythonPackages(),
];
