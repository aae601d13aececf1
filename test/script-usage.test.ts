import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

it.each(['contract', 'conformance'])('npm run %s -- --help prints its options and does nothing else', (name) => {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', name, '--', '--help'], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(new RegExp(`^npm run ${name} -- \\[options\\]\n  --`));
});
