// The addresses of one database, one for each role. They contain passwords: never print one.
import { accountOf, type Role } from './roles';
import { secureAddress } from './secureAddress';

export type Databases = Readonly<Record<Role, string>>;

/** The variable that names each role's address. The writer's is enough: it stands for those that are not set. */
const variables = {
  owner: 'RATCHET_OWNER_DATABASE_URL',
  writer: 'DATABASE_URL',
  reader: 'RATCHET_READER_DATABASE_URL',
  serving: 'RATCHET_SERVING_DATABASE_URL',
} as const satisfies Record<Role, string>;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A role's own address in an environment, as it is to be connected to; undefined where there is none.
 * @throws Fatal ENVIRONMENT when it is wrong, or would go to another machine without TLS.
 */
export function namedDatabase(role: Role, environment: Environment): string | undefined {
  const name = variables[role];
  const address = environment[name];
  return address === undefined ? undefined : secureAddress(name, address, environment['PGHOST']);
}

/** The databases an environment names; undefined where it names none. @throws Fatal as `namedDatabase`. */
export function namedDatabases(environment: Environment): Databases | undefined {
  const writer = namedDatabase('writer', environment);
  if (writer === undefined) return undefined;
  const of = (role: Role): string => namedDatabase(role, environment) ?? writer;
  return { owner: of('owner'), writer, reader: of('reader'), serving: of('serving') };
}

/** What a command of the command line is told: it writes as the writer and reads as the reader. */
export const databaseEnvironment = ({
  writer,
  reader,
}: Databases): Readonly<Record<string, string>> => ({
  [variables.writer]: writer,
  [variables.reader]: reader,
});

/** @param url the address by which a role's account is known. */
export const databasesBy = (url: (account: string, role: Role) => string): Databases => {
  const of = (role: Role): string => url(accountOf(role), role);
  return {
    owner: of('owner'),
    writer: of('writer'),
    reader: of('reader'),
    serving: of('serving'),
  };
};
