// `npm run licences` and `npm run audit:dependencies`. Exit codes: 0 nothing found, 1 found, 2 could not ask.
import { auditDependencies } from './audit';
import { licenceProblems } from './licences';
import { lockedPackages } from './lockfile';

function licences(): number {
  const packages = lockedPackages();
  const problems = licenceProblems(packages);
  for (const problem of problems) console.log(problem);
  if (problems.length === 0)
    console.log(`${packages.length} packages, each with an allowed licence`);
  return problems.length === 0 ? 0 : 1;
}

async function audit(): Promise<number> {
  const outcome = await auditDependencies();
  switch (outcome.kind) {
    case 'clean':
      console.log('the registry knows of no weakness in what runs');
      return 0;
    case 'found':
      for (const weakness of outcome.weaknesses) console.log(weakness);
      return 1;
    case 'not asked':
      console.log(`the registry could not be asked, so nothing is known: ${outcome.why}`);
      return 2;
  }
}

async function main(): Promise<void> {
  const [task] = process.argv.slice(2);
  process.exitCode = task === 'licences' ? licences() : await audit();
}

void main();
