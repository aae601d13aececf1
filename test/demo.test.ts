import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

/** `npm run demo`, as a newcomer types it. */
async function runDemo(...options: readonly string[]) {
  const child = spawn('npm', ['run', 'demo', '--', ...options], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await closed) as [number | null];
  return { code, stdout, stderr };
}

interface Summary {
  readonly tasks: readonly Readonly<Record<string, unknown>>[];
}

describe('The demo', { timeout: 180_000 }, () => {
  it('ends well and says so in one JSON line, last on standard output', async () => {
    const { code, stdout, stderr } = await runDemo('--devices', '20', '--json');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining('Everything ended as scripted.') as string,
    });
    const summary = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Summary;
    // One of 20 reports a failure, one never connects, and one more reports another version after its upgrade.
    const endOf = (task_type: string, success: number) => {
      const counts = { success, fail: 20 - success };
      const expected = { status: 'PartialSuccess', ...counts };
      const task_id = expect.stringMatching(/^[0-9a-f]{24}$/) as string;
      return { task_id, task_type, status: 'PartialSuccess', total: 20, ...counts, expected };
    };
    expect(summary).toEqual({
      ok: true,
      devices: 20,
      tasks: [endOf('firmwareUpgrade', 17), endOf('createCommands', 18)],
      notifications: 6,
      seconds: expect.any(Number) as number,
    });
  });

  it('may be a fleet without any trouble', async () => {
    const { code, stdout } = await runDemo('--devices', '3', '--fail-rate', '0', '--offline-rate', '0', '--json');
    expect(code).toBe(0);
    const { tasks } = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Summary;
    expect(tasks.map(({ status, success, fail }) => ({ status, success, fail }))).toEqual([
      { status: 'Success', success: 3, fail: 0 },
      { status: 'Success', success: 3, fail: 0 },
    ]);
  });

  it.each([
    [['--devices', '0'], '--devices must be'],
    [['--devices', 'many'], '--devices must be'],
    [['--fail-rate', '1.5'], '--fail-rate must be'],
    [['--offline-rate', ''], '--offline-rate must be'],
    [['--fail-rate', '0.6', '--offline-rate', '0.6'], '--fail-rate and --offline-rate together exceed 1'],
    [['--device', '5'], '--device'],
  ])('refuses %j with a message that names the option', async (options, message) => {
    const { code, stderr } = await runDemo(...options);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('explains its options', async () => {
    const { code, stdout } = await runDemo('--help');
    expect(code).toBe(0);
    for (const option of ['--devices', '--fail-rate', '--offline-rate', '--keep', '--json']) {
      expect(stdout).toContain(option);
    }
  });
});
