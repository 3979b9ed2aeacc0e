// The addresses of one database, one for each role. They contain passwords: never print one.
import { accountOf, type Role } from './roles';

export type Databases = Readonly<Record<Role, string>>;

/** The variable that names each role's address. The writer's is enough: it stands for those that are not set. */
const variables = {
  owner: 'RATCHET_OWNER_DATABASE_URL',
  writer: 'DATABASE_URL',
  reader: 'RATCHET_READER_DATABASE_URL',
  serving: 'RATCHET_SERVING_DATABASE_URL',
} as const satisfies Record<Role, string>;

/** The databases an environment names; undefined where it names none. */
export function namedDatabases(
  environment: Readonly<Record<string, string | undefined>>,
): Databases | undefined {
  const writer = environment[variables.writer];
  if (writer === undefined) return undefined;
  const of = (role: Role): string => environment[variables[role]] ?? writer;
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
