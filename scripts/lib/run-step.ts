import { spawn } from 'node:child_process';

export interface Step {
  readonly name: string;
  /** Program and arguments; the program is found in PATH, where npm puts the tools of this repository first. */
  readonly command: readonly [string, ...string[]];
}

export interface StepResult {
  readonly step: Step;
  readonly passed: boolean;
  /** Both streams in the order of arrival. */
  readonly output: string;
  readonly seconds: number;
}

/** Runs one program to its end. A program that cannot be started is a failed step, not an exception. */
export function runStep(step: Step): Promise<StepResult> {
  const startedAt = performance.now();
  const [program, ...args] = step.command;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1' } });
  let output = '';
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  return new Promise((resolve) => {
    const end = (passed: boolean): void =>
      resolve({ step, passed, output, seconds: (performance.now() - startedAt) / 1000 });
    child.on('error', (error) => {
      output += `${error.message}\n`;
      end(false);
    });
    child.on('close', (code) => end(code === 0));
  });
}

/** Runs all steps, `width` at a time, and reports each as it ends. A failure does not stop the others. */
export async function runSteps(
  steps: readonly Step[],
  width: number,
  onResult: (result: StepResult) => void,
): Promise<StepResult[]> {
  const waiting = [...steps];
  const results: StepResult[] = [];
  const work = async (): Promise<void> => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const result = await runStep(step);
      results.push(result);
      onResult(result);
    }
  };
  await Promise.all(Array.from({ length: width }, work));
  return results;
}
