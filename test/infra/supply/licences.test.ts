// Goal: no package is installed whose licence nobody has allowed.
// Method: the lockfile as it is, and packages made up to be refused by name.
import { licenceProblems } from '../../../infra/supply/licences';
import { lockedPackages } from '../../../infra/supply/lockfile';

const named = (licence: string | undefined): readonly string[] =>
  licenceProblems([{ name: 'left-pad', version: '1.3.0', licence }]);

test('every package of the lockfile has an allowed licence', () => {
  const packages = lockedPackages();
  expect(packages.length).toBeGreaterThan(500);
  expect(packages).toContainEqual({
    ...{ name: 'eslint', version: '10.15.0' },
    ...{ licence: 'MIT', dev: true },
  });
  expect(licenceProblems(packages)).toEqual([]);
});

test.each(['MIT', '(MIT OR GPL-3.0-only)', 'Apache-2.0 AND MIT', 'GPL-2.0-only OR ISC'])(
  '%s may be installed',
  (licence) => expect(named(licence)).toEqual([]),
);

test.each([
  'AGPL-3.0-only',
  'MIT AND GPL-3.0-only',
  'SSPL-1.0 OR GPL-3.0-only',
  'SEE LICENSE IN LICENSE.txt',
  '((MIT OR GPL-3.0-only) AND BUSL-1.1)',
  'mit',
])('%s is refused by the name of the package', (licence) =>
  expect(named(licence)).toEqual([
    `left-pad 1.3.0 has the licence ${licence}, which is not in the list of allowed ones`,
  ]),
);

test('a package that names no licence is refused', () =>
  expect(named(undefined)).toEqual(['left-pad 1.3.0 names no licence']));
