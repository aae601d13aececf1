import { ConfigError, loadProcessConfig } from './config/load-config.ts';
import { Problem } from './domain/problem.ts';
import { createMuster, type Muster } from './muster.ts';
import { runCommand } from './run-command.ts';
import { createRealClock } from './system/real-clock.ts';

/** Exit codes: 0 stopped in order or command done, 1 could not start, stop or do it, 2 wrong settings or arguments, 3 replaced. */
async function main(): Promise<void> {
  const loaded = loadProcessConfig();
  if (loaded.kind === 'print') {
    process.stdout.write(`${loaded.text}\n`);
    return;
  }
  if (loaded.kind === 'command') return runCommand(loaded.command, loaded.config);
  const muster = await createMuster(loaded.config, { onReplaced: () => stopReplaced(muster) });
  stopOnSignals(muster);
  await muster.start();
}

/** A database that hangs must not keep the process (operations page, Observing). */
const stopWithinMs = 10_000;

/** The first signal stops in order, a second one exits at once; nothing is lost either way (operations page, Observing). */
function stopOnSignals(muster: Muster): void {
  let stopping = false;
  const onSignal = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    createRealClock().setTimer(stopWithinMs, () => {
      fail(new Error(`Muster did not stop in order within ${stopWithinMs} ms.`), 1);
    });
    muster.stop().then(
      () => process.exit(0),
      (error: unknown) => fail(error, 1),
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

/** Exit code 3: a supervisor must not start this one again, or the two would take the name from each other for ever. */
function stopReplaced(muster: Muster): void {
  muster.stop().then(
    () => process.exit(3),
    (error: unknown) => fail(error, 3),
  );
}

function fail(error: unknown, code: number): void {
  process.stderr.write(`${error instanceof Error ? sentencesOf(error) : String(error)}\n`);
  process.exit(code);
}

/** What a client is told of a problem does not say why; the operator has to know. */
function sentencesOf(error: Error): string {
  if (!(error instanceof Problem) || !(error.cause instanceof Error)) return error.message;
  const { message, code } = error.cause as NodeJS.ErrnoException;
  return `${error.message} ${message || String(code)}`;
}

try {
  await main();
} catch (error) {
  fail(error, error instanceof ConfigError ? 2 : 1);
}
