// `npm run docs`: writes the generated pages.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../checkout';
import { pages } from './pages';

for (const [path, text] of Object.entries(pages)) {
  writeFileSync(join(checkout, path), text());
  process.stdout.write(`${path}\n`);
}
