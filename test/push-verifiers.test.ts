import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { signatureHeaders } from '../packages/server/src/push/http/signature.ts';
import { createRealRandom } from '../packages/server/src/system/real-random.ts';
import { programOf } from './support/page-program.ts';

const now = 1_790_000_000_000;
const token = 'Secret123';

interface Case {
  readonly headers: Readonly<Record<string, string>>;
  readonly token: string;
  readonly now: number;
  readonly isGood: boolean;
}

/** One after the other, as a receiver meets them. */
function cases(): readonly Case[] {
  const random = createRealRandom(() => now);
  const fresh = () => signatureHeaders(token, now, random);
  const good = fresh();
  const upper = fresh();
  return [
    { headers: good, token, now, isGood: true },
    // A replay.
    { headers: good, token, now: now + 1000, isGood: false },
    { headers: fresh(), token, now: now + 299_000, isGood: true },
    { headers: fresh(), token, now: now + 301_000, isGood: false },
    { headers: fresh(), token, now: now - 301_000, isGood: false },
    { headers: fresh(), token: 'Secret124', now, isGood: false },
    { headers: { ...upper, nonce: `${upper['nonce']}0` }, token, now, isGood: false },
    { headers: { ...upper, timestamp: String(now + 1) }, token, now, isGood: false },
    { headers: { ...upper, signature: '' }, token, now, isGood: false },
    { headers: {}, token, now, isGood: false },
    { headers: upper, token, now, isGood: true },
  ];
}

/** The verifier of the page in a file of its own. */
function verifierOf(language: string, file: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'muster-verifier-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, file), programOf('docs/push.md', `verifier: ${language}`));
  return folder;
}

test("the page's verifier in TypeScript takes what Muster signs, once and in time, and nothing else", async () => {
  const file = join(verifierOf('typescript', 'verifier.ts'), 'verifier.ts');
  const { isFromMuster } = (await import(pathToFileURL(file).href)) as {
    isFromMuster(headers: Readonly<Record<string, string>>, token: string, now: number): boolean;
  };
  const all = cases();
  expect(all.map((each) => isFromMuster(each.headers, each.token, each.now))).toEqual(all.map(({ isGood }) => isGood));
});

const script = `
import json, sys
from verifier import is_from_muster
print(json.dumps([is_from_muster(c["headers"], c["token"], c["now"]) for c in json.load(sys.stdin)]))
`;

test("the page's verifier in Python takes the same", () => {
  const all = cases();
  const ran = spawnSync('python3', ['-c', script], {
    ...{ cwd: verifierOf('python', 'verifier.py'), input: JSON.stringify(all), encoding: 'utf8' },
  });
  expect(ran.stderr).toBe('');
  expect(JSON.parse(ran.stdout)).toEqual(all.map(({ isGood }) => isGood));
});
