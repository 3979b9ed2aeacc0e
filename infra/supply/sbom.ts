// The bill of materials as CycloneDX 1.6: what npm says of the lockfile, and what does not come from npm.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { checkout } from '../checkout';
import { foreignComponents, type Component } from './foreignComponents';
import { labelOf, licenceOf } from './licences';
import { lockedPackages } from './lockfile';
import { npm } from './npm';

const npmComponent = z.looseObject({
  'bom-ref': z.string(),
  type: z.string(),
  name: z.string(),
  version: z.string(),
});
const npmBom = z.looseObject({
  bomFormat: z.literal('CycloneDX'),
  serialNumber: z.string(),
  version: z.number(),
  metadata: z.looseObject({ timestamp: z.string(), component: npmComponent }),
  components: z.array(npmComponent),
  dependencies: z.array(z.looseObject({ ref: z.string(), dependsOn: z.array(z.string()) })),
});

type NpmBom = z.infer<typeof npmBom>;

/**
 * What npm says of the whole lockfile, in version 1.5 of the format. Told to leave out what development needs, it leaves
 * out what needs it at run time too.
 */
function npmBomOfLockfile(): NpmBom {
  const args = ['sbom', '--sbom-format=cyclonedx', '--package-lock-only'];
  const said = execFileSync(npm, args, { cwd: checkout, maxBuffer: 64 * 2 ** 20 });
  return npmBom.parse(JSON.parse(said.toString()));
}

const ownPackage = z.looseObject({ name: z.string(), version: z.string() });
const ourselves = (): z.infer<typeof ownPackage> =>
  ownPackage.parse(JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')));

/** What development alone needs is out of scope. npm leaves out a licence that a package does not name itself. */
function completed(component: NpmBom['components'][number], running: ReadonlySet<string>): object {
  const { name, version, licenses } = component;
  const id = licenses === undefined ? licenceOf({ name, version, licence: undefined }) : undefined;
  return {
    ...component,
    ...(!running.has(component['bom-ref']) && { scope: 'excluded' }),
    ...(id !== undefined && { licenses: [{ license: { id } }] }),
  };
}

/** npm's document with everything else, in version 1.6. */
function billOfMaterials(bom: NpmBom, foreign: readonly Component[]): object {
  const { name, version } = ourselves();
  const running = new Set(
    lockedPackages()
      .filter(({ dev }) => !dev)
      .map(labelOf),
  );
  const root = bom.metadata.component['bom-ref'];
  const parts = foreign.map((each) => each['bom-ref']);
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: bom.bomFormat,
    specVersion: '1.6',
    serialNumber: bom.serialNumber,
    version: bom.version,
    metadata: {
      timestamp: bom.metadata.timestamp,
      tools: { components: [{ type: 'application', name: 'ratchet sbom', version }] },
      // npm names the root after its folder.
      component: { ...bom.metadata.component, type: 'application', name },
    },
    components: [...bom.components.map((each) => completed(each, running)), ...foreign],
    dependencies: [
      ...bom.dependencies.map((each) =>
        each.ref === root ? { ...each, dependsOn: [...each.dependsOn, ...parts] } : each,
      ),
      ...parts.map((ref) => ({ ref, dependsOn: [] })),
    ],
  };
}

/** The bill of this checkout. */
export const ownBill = (): object => billOfMaterials(npmBomOfLockfile(), foreignComponents());
