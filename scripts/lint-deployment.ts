import { parseArgs } from 'node:util';
import { type DeploymentLinter, deploymentLinters, lintDeployment, prepareSite } from './lib/deployment-linters.ts';

/**
 * Lints the files for deployment with the tools that read them in earnest. npm brings few of these: what no tool has read is reported
 * as absent, never as passed. With `--all` an absent tool is a failure.
 */

const { values } = parseArgs({ options: { all: { type: 'boolean', default: false } } });
const counts = { passed: 0, failed: 0, absent: 0 };

async function lint(linter: DeploymentLinter, folder: string): Promise<void> {
  const result = await lintDeployment(linter, folder);
  counts[result.outcome] += 1;
  const file = linter.file.padEnd(21);
  if (result.outcome === 'absent') {
    process.stdout.write(`absent ${file} not linted; what could: ${result.from}\n`);
    return;
  }
  process.stdout.write(`${result.outcome} ${file} ${result.program}\n`);
  if (result.outcome === 'failed') process.stdout.write(`${result.output.trimEnd().replace(/^/gm, '       ')}\n`);
}

const site = prepareSite(process.cwd());
try {
  for (const linter of deploymentLinters) await lint(linter, site.folder);
} finally {
  site.remove();
}
const { passed, failed, absent } = counts;
process.stdout.write(`deployment files: ${passed} passed, ${failed} failed, ${absent} absent\n`);
process.exitCode = failed > 0 || (values.all && absent > 0) ? 1 : 0;
