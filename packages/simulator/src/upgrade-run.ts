import type { FailStage, UpgradeScript } from './behaviour.ts';
import type { SimulatedDevice } from './device.ts';
import { drawLatency } from './latency.ts';
import type { Offer } from './offer.ts';
import { pause } from './pause.ts';

/** A failure that the device reports with a code of device 7.4. */
class UpgradeFailure extends Error {
  override readonly name = 'UpgradeFailure';
  readonly resultCode: number;
  constructor(resultCode: number, description: string) {
    super(description);
    this.resultCode = resultCode;
  }
}

const DOWNLOAD_FAILED = 6;
const HASH_DIFFERS = 7;
const PROGRESS_STEPS: readonly number[] = [50];

/** The script as it applies to the nth offer: what goes wrong once is over at the second. */
function scriptOf(device: SimulatedDevice): UpgradeScript {
  const script = device.behaviour.upgrade ?? { kind: 'succeed' };
  const once = script.kind === 'failOnce' || script.kind === 'disconnect';
  return once && device.offers > 1 ? { kind: 'succeed' } : script;
}

function failIfScripted(script: UpgradeScript, stage: FailStage): void {
  if (script.kind !== 'fail' && script.kind !== 'failOnce') return;
  if ((script.stage ?? 'download') !== stage) return;
  throw new UpgradeFailure(script.resultCode, script.description ?? 'Simulated failure');
}

/** Reports the steps that the download has passed; breaks the link where the script says so. */
function createProgress(device: SimulatedDevice, offer: Offer, script: UpgradeScript) {
  const planned = device.behaviour.progressSteps ?? PROGRESS_STEPS;
  const breakAt = script.kind === 'disconnect' ? script.afterProgress : undefined;
  const steps = [...new Set(breakAt === undefined ? planned : [...planned, breakAt])].sort((a, b) => a - b);
  const old = device.versions[offer.field];
  return async (received: number, total: number | undefined): Promise<void> => {
    const size = total ?? offer.fileSize ?? received;
    for (let step = steps[0]; step !== undefined && received * 100 >= step * size; step = steps[0]) {
      steps.shift();
      const report = device.reportEvent('upgrade_progress_report', { result_code: 0, progress: step, version: old });
      if (script.kind !== 'disconnect' || step !== breakAt) continue;
      // Only what the server has acknowledged is known to have been said before the link broke.
      await report;
      device.uplink.drop(script.reconnectAfterMs);
      device.stop();
      return;
    }
  };
}

async function download(device: SimulatedDevice, offer: Offer, run: { script: UpgradeScript; signal: AbortSignal }) {
  const { statistics, events, downloader } = device.context;
  try {
    const result = await downloader.download({
      url: offer.url,
      accessToken: offer.accessToken,
      signal: run.signal,
      onBytes: createProgress(device, offer, run.script),
    });
    statistics.downloads += 1;
    statistics.resumes += result.resumes;
    statistics.downloadedBytes += result.bytes;
    events.emit('downloaded', { deviceId: device.deviceId, ...result });
    if (offer.sign !== undefined && offer.sign !== result.sha256) {
      throw new UpgradeFailure(HASH_DIFFERS, `The file has SHA-256 ${result.sha256}`);
    }
  } catch (error) {
    run.signal.throwIfAborted();
    statistics.downloadFailures += 1;
    if (error instanceof UpgradeFailure) throw error;
    throw new UpgradeFailure(DOWNLOAD_FAILED, error instanceof Error ? error.message : 'Download failed');
  }
}

async function install(device: SimulatedDevice, offer: Offer, run: { script: UpgradeScript; signal: AbortSignal }) {
  await pause(drawLatency(device.behaviour.install ?? device.context.install, device.random), run.signal);
  failIfScripted(run.script, 'install');
  const version = run.script.kind === 'wrongVersion' ? run.script.version : offer.version;
  device.versions[offer.field] = version;
  if (device.behaviour.rebootAfterInstall) device.uplink.drop(0);
  await device.reportEvent('upgrade_progress_report', { result_code: 0, progress: 100, version });
  run.signal.throwIfAborted();
  device.context.statistics.upgraded += 1;
  device.context.events.emit('upgraded', { deviceId: device.deviceId, field: offer.field, version });
}

async function reportFailure(device: SimulatedDevice, offer: Offer, failure: UpgradeFailure): Promise<void> {
  const { statistics, events } = device.context;
  const { resultCode, message: description } = failure;
  const version = device.versions[offer.field];
  await device.reportEvent('upgrade_progress_report', { result_code: resultCode, progress: 0, version, description });
  statistics.upgradeFailures += 1;
  events.emit('upgradeFailed', { deviceId: device.deviceId, resultCode, description });
}

/**
 * One upgrade from the offer to the final report: download, compare, install, report. Failures are reported to the
 * server; throws only the reason of the signal, when a newer offer, a broken link or the fleet's end takes over.
 */
export async function runUpgrade(device: SimulatedDevice, offer: Offer, signal: AbortSignal): Promise<void> {
  const script = scriptOf(device);
  if (script.kind === 'silent' || script.kind === 'offline') return;
  const run = { script, signal };
  try {
    await pause(device.drawLatency(), signal);
    failIfScripted(script, 'offer');
    await download(device, offer, run);
    failIfScripted(script, 'download');
    await install(device, offer, run);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof UpgradeFailure)) throw error;
    await reportFailure(device, offer, error);
  }
}
