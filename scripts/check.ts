import { parseArgs } from 'node:util';
import { runSteps, type Step, type StepResult } from './lib/run-step.ts';

/**
 * `npm run check`: everything that can be known without running the product. `-- --only eslint,types` runs some of the steps,
 * `-- --fix` lets the formatter and the linters correct what they can first.
 */

const flag = ['--flag', 'unstable_native_nodejs_ts_config'] as const;

// The slow ones first, so that they overlap with the others.
const steps: readonly Step[] = [
  { name: 'eslint', command: ['eslint', ...flag, '--max-warnings', '0', '.'] },
  { name: 'types', command: ['tsc', '-p', 'tsconfig.json'] },
  { name: 'portable', command: ['tsc', '-p', 'tsconfig.portable.json'] },
  { name: 'biome', command: ['biome', 'ci', '--colors=off', '--max-diagnostics=50', '.'] },
  { name: 'imports', command: ['node', 'scripts/check-imports.ts'] },
  { name: 'unused', command: ['knip', '--no-progress'] },
  { name: 'deployment', command: ['node', 'scripts/lint-deployment.ts'] },
];

const fixes: readonly Step[] = [
  { name: 'biome', command: ['biome', 'check', '--write', '.'] },
  { name: 'eslint', command: ['eslint', ...flag, '--fix', '.'] },
];

// Two cores are what the smallest supported machine has.
const width = 2;

function printResult({ step, passed, output, seconds }: StepResult): void {
  const mark = passed ? 'ok  ' : 'FAIL';
  process.stdout.write(`${mark} ${step.name.padEnd(9)} ${seconds.toFixed(1)} s\n`);
  if (!passed) process.stdout.write(`${output.trimEnd().replace(/^/gm, '     ')}\n`);
}

function chosenSteps(only: string | undefined): readonly Step[] {
  if (only === undefined) return steps;
  const names = only.split(',');
  const unknown = names.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) {
    throw new Error(`No step is named ${unknown.join(', ')}; there are ${steps.map((step) => step.name).join(', ')}.`);
  }
  return steps.filter((step) => names.includes(step.name));
}

const { values } = parseArgs({ options: { only: { type: 'string' }, fix: { type: 'boolean' } } });
if (values.fix === true) await runSteps(fixes, 1, () => {});
const results = await runSteps(chosenSteps(values.only), width, printResult);
const failed = results.filter((result) => !result.passed);
process.stdout.write(`check: ${results.length - failed.length} passed, ${failed.length} failed\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
