// Whether every package we install may be used: its licence must be one of a list. A licence nobody has looked at is
// refused by the package's name.

/** SPDX names of what may be installed: licences that ask for no more than that their text is kept. */
const allowed: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'CC-BY-4.0',
  'ISC',
  'MIT',
  'Python-2.0',
  'Unlicense',
]);

/** Packages that name no licence in their package.json; what their own files say. */
const stated: ReadonlyMap<string, string> = new Map([
  // Its LICENSE file is the Unlicense.
  ['unionfs@4.6.0', 'Unlicense'],
]);

export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  /** As the package names it, an SPDX expression; undefined where it names none. */
  readonly licence: string | undefined;
}

/** As npm names it everywhere. */
export const labelOf = ({ name, version }: Pick<InstalledPackage, 'name' | 'version'>): string =>
  `${name}@${version}`;

/** The licence that counts; undefined where nothing names one. */
export const licenceOf = (each: InstalledPackage): string | undefined =>
  each.licence ?? stated.get(labelOf(each));

/** Of several to choose from one is enough; of several that hold together each must be allowed. */
function isAllowed(expression: string): boolean {
  const bare = expression.replace(/^\(([^()]*)\)$/, '$1');
  if (bare.includes(' OR ')) return bare.split(' OR ').some(isAllowed);
  return bare.split(' AND ').every((name) => allowed.has(name));
}

/** One sentence for each package that may not be installed. */
export const licenceProblems = (packages: readonly InstalledPackage[]): readonly string[] =>
  packages.flatMap((each) => {
    const licence = licenceOf(each);
    const { name, version } = each;
    if (licence === undefined) return [`${name} ${version} names no licence`];
    return isAllowed(licence)
      ? []
      : [`${name} ${version} has the licence ${licence}, which is not in the list of allowed ones`];
  });
