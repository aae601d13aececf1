import { accessSync, constants, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { runStep, type StepResult } from './run-step.ts';

/** A program that reads one of the files for deployment and says what is wrong with it. */
interface Tool {
  /** Found in PATH, or where administrators' programs are. */
  readonly program: string;
  /** Answers with success where the program can do it, e.g. because a plug-in is there; absent: always. */
  readonly probe?: readonly string[];
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** For programs that only warn and then end successfully. */
  readonly mustBeSilent?: boolean;
  /** Where it comes from. */
  readonly from: string;
}

export interface DeploymentLinter {
  readonly file: string;
  /** The first one that is there is used. */
  readonly tools: readonly Tool[];
}

/** The tools run in a folder of `prepareSite`. */
export const deploymentLinters: readonly DeploymentLinter[] = [
  {
    file: 'Dockerfile',
    tools: [
      { program: 'hadolint', args: ['Dockerfile'], from: 'the project hadolint' },
      { program: 'dockerfile-utils', args: ['lint', 'Dockerfile'], from: 'npm: dockerfile-utils' },
    ],
  },
  {
    file: 'compose.yaml',
    tools: [
      {
        program: 'docker',
        probe: ['compose', 'version'],
        args: ['compose', '--env-file', 'deploy/compose.env', 'config', '--quiet'],
        from: "Docker's compose plug-in",
      },
      {
        program: 'docker-compose',
        args: ['--env-file', 'deploy/compose.env', 'config', '--quiet'],
        from: 'Debian: docker-compose',
      },
    ],
  },
  {
    file: 'deploy/haproxy.cfg',
    tools: [
      {
        program: 'haproxy',
        // -dW: a warning is a failure.
        args: ['-c', '-dW', '-f', 'deploy/haproxy.cfg'],
        env: { NODE_1: '127.0.0.2', NODE_2: '127.0.0.3' },
        from: 'Debian: haproxy',
      },
    ],
  },
  {
    file: 'deploy/muster.service',
    tools: [
      {
        program: 'systemd-analyze',
        args: ['verify', '--man=no', 'deploy/muster.service'],
        mustBeSilent: true,
        from: 'Debian: systemd',
      },
    ],
  },
];

/** What `deploy/compose.env` must say, with values that are good enough to be read. */
export const composeSettings: Readonly<Record<string, string>> = {
  POSTGRES_PASSWORD: '00',
  MUSTER_MASTER_KEY: '00',
  MUSTER_ADMIN_PASSWORD: '00',
  MUSTER_PUBLIC_URL: 'http://192.0.2.1:8080',
};

export interface Site {
  readonly folder: string;
  remove(): void;
}

/** A copy in which what only exists on a real machine is there: filled-in settings and the unit's program. */
export function prepareSite(root: string): Site {
  const folder = mkdtempSync(join(tmpdir(), 'muster-deployment-'));
  for (const name of ['Dockerfile', 'compose.yaml', 'deploy']) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  const lines = Object.entries(composeSettings).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(join(folder, 'deploy/compose.env'), lines.join(''));
  const unit = join(folder, 'deploy/muster.service');
  writeFileSync(unit, readFileSync(unit, 'utf8').replace(/^(ExecStart=)\S+/m, `$1${process.execPath}`));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** `absent`: no tool is there, so nothing is known. */
export type LintResult =
  | { readonly outcome: 'passed' | 'failed'; readonly program: string; readonly output: string }
  | { readonly outcome: 'absent'; readonly from: string };

/** Runs a linter's first tool that is there. */
export async function lintDeployment({ file, tools }: DeploymentLinter, folder: string): Promise<LintResult> {
  for (const tool of tools) {
    const path = findProgram(tool.program);
    if (path === undefined) continue;
    if (tool.probe !== undefined && !(await runStep({ name: file, command: [path, ...tool.probe] })).passed) continue;
    const result = await runTool(tool, path, folder);
    const passed = result.passed && (tool.mustBeSilent !== true || result.output.trim() === '');
    return { outcome: passed ? 'passed' : 'failed', program: tool.program, output: result.output };
  }
  return { outcome: 'absent', from: tools.map(({ from }) => from).join(', or ') };
}

function runTool({ args, env = {} }: Tool, path: string, folder: string): Promise<StepResult> {
  const assignments = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return runStep({ name: path, command: ['env', '-C', folder, ...assignments, path, ...args] });
}

function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
