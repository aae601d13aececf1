import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { programOf } from './support/page-program.ts';
import { createSecureSite } from './support/secure-site.ts';

const timeout = 180_000;
const page = 'docs/legacy.md';

/** What bash prints; with it ends what it has left in the background. */
async function runBash(program: string, cwd: string): Promise<string> {
  const trapped = `trap 'jobs -p | xargs -r kill' EXIT\n${program}`;
  const child = spawn('bash', ['-euo', 'pipefail', '-c', trapped], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill());
  const ended = once(child, 'exit');
  const output = await text(child.stdout);
  expect(await ended).toEqual([0, null]);
  return output;
}

it("the page's way from an empty server leads to an upgrade through the legacy API", { timeout }, async () => {
  const site = await createSecureSite();
  const { http, https, mqtt } = await site.start();
  onTestFinished(() => site.stop());
  const names = ['preparation', 'devices', 'upgrade'];
  const program = names
    .map((name) => programOf(page, `program: ${name}`))
    .join('\n')
    .replace('http://127.0.0.1:8080', http)
    .replace('https://127.0.0.1:8743', https)
    .replace('mqtt://127.0.0.1:1883', mqtt)
    .replaceAll('node_modules/.bin/', join(import.meta.dirname, '../node_modules/.bin/'));
  const output = await runBash(program, dirname(site.dataDir));
  const [, product, pkg] = /^product (\S+), package (\S+)$/m.exec(output) ?? [];
  expect(pkg).toMatch(/^[0-9a-f]{24}$/);
  expect(output).toContain(`"staResult":{"total":3,"wait":0,"processing":0,"success":3`);
  for (const number of [0, 1, 2])
    expect(output).toContain(`"deviceId":"${product}_sim-00000${number}","status":"success"`);
});
