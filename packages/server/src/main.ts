import { ConfigError, loadProcessConfig } from './config/load-config.ts';
import { createMuster, type Muster } from './muster.ts';

/** Exit codes: 0 stopped in order, 1 could not start or stop, 2 wrong settings. */
async function main(): Promise<void> {
  const loaded = loadProcessConfig();
  if (loaded.kind === 'print') {
    process.stdout.write(`${loaded.text}\n`);
    return;
  }
  const muster = await createMuster(loaded.config, { onReplaced: () => stopReplaced(muster) });
  stopOnSignals(muster);
  await muster.start();
}

/** The first signal stops in order, a second one exits at once; nothing is lost either way (operations page, Observing). */
function stopOnSignals(muster: Muster): void {
  let stopping = false;
  const onSignal = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    muster.stop().then(
      () => process.exit(0),
      (error: unknown) => fail(error, 1),
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

/** Its devices and work are the other process's by now; a supervisor that starts this one again finds a clear reason in the log. */
function stopReplaced(muster: Muster): void {
  muster.stop().then(
    () => process.exit(1),
    (error: unknown) => fail(error, 1),
  );
}

function fail(error: unknown, code: number): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(code);
}

try {
  await main();
} catch (error) {
  fail(error, error instanceof ConfigError ? 2 : 1);
}
