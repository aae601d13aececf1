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

const summaryIn = (stdout: string): Summary => JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Summary;

interface Summary {
  readonly notifications: number;
  readonly tasks: readonly Readonly<Record<string, unknown>>[];
}

describe('The demo', { timeout: 180_000 }, () => {
  it('ends well and says so in one JSON line, last on standard output', async () => {
    const { code, stdout, stderr } = await runDemo('--devices', '20', '--json');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining('Everything ended as scripted.') as string,
    });
    const summary = summaryIn(stdout);
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
    const { tasks } = summaryIn(stdout);
    expect(tasks.map(({ status, success, fail }) => ({ status, success, fail }))).toEqual([
      { status: 'Success', success: 3, fail: 0 },
      { status: 'Success', success: 3, fail: 0 },
    ]);
  });

  it('does the same over the legacy API, and checks what that pushes for every device', async () => {
    const { code, stdout, stderr } = await runDemo('--legacy', '--devices', '20', '--json');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining('Everything ended as scripted.') as string,
    });
    expect(stderr).toMatch(/Muster runs at https:/);
    const summary = summaryIn(stdout);
    const endOf = (task_type: string, end: Readonly<Record<string, unknown>>) => {
      const task_id = expect.stringMatching(/^[0-9a-f]{24}$/) as string;
      return { task_id, task_type, total: 20, ...end, expected: end };
    };
    const none = { wait: 0, processing: 0, stop: 0 };
    expect(summary).toEqual({
      ok: true,
      devices: 20,
      tasks: [
        endOf('firmware_upgrade', { status: 'failed', success: 17, fail: 2, timeout: 1, ...none }),
        endOf('DeviceCmd', { status: 'Timeout', success: 18, fail: 1, timeout: 0, expired: 1 }),
      ],
      notifications: expect.any(Number) as number,
      seconds: expect.any(Number) as number,
    });
    // A result and two states of a command for each but the one that never connects, which has one.
    expect(summary.notifications).toBeGreaterThan(20 + 2 * 19 + 1);
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
    for (const option of ['--devices', '--fail-rate', '--offline-rate', '--legacy', '--keep', '--json']) {
      expect(stdout).toContain(option);
    }
  });
});
