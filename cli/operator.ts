// Who is at the machine, for the records of what a person does.
import { hostname, userInfo } from 'node:os';

/** Account and machine, as `anna@desk`. */
export const operator = (): string => `${userInfo().username}@${hostname()}`;
