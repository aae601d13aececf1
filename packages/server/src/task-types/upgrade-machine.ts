import type { ProgressReport, RunEvent } from '../domain/device-event.ts';
import type { Effect } from '../domain/effect.ts';
import type { JsonObject } from '../domain/json.ts';
import type { OtaPackage } from '../domain/package.ts';
import { causeOf } from '../domain/problem.ts';
import type { ProblemName } from '../domain/problem-catalogue.ts';
import { present } from '../domain/present.ts';
import { isReachable, type Run, type RunDevice } from '../domain/run.ts';
import { judgeProgress } from '../domain/upgrade/judge-progress.ts';
import type { UpgradeSubject } from '../domain/upgrade/result-codes.ts';
import { phasesBetween, type UpgradeFacts, type UpgradePlace } from '../domain/upgrade/upgrade-facts.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { TaskContext } from '../ports/task-type.ts';
import { fileOffer, objectOffer, queryDownlink } from './upgrade-downlinks.ts';
import { nextDeadline, stored, type UpgradeStep, type UpgradeWork, without, workOf } from './upgrade-work.ts';

/** Which version field and events make a firmware or a software upgrade (device 7.2, 7.3). */
export interface UpgradeKind {
  readonly field: 'fwVersion' | 'swVersion';
  readonly eventType: 'firmware_upgrade' | 'software_upgrade';
  readonly subject: UpgradeSubject;
}

/** A run of which the device is known. */
interface Upgrade {
  readonly kind: UpgradeKind;
  readonly run: Run;
  readonly device: RunDevice;
  readonly work: UpgradeWork;
  readonly ctx: TaskContext;
}

/** Device 7.2, rules 1 to 3 and 26: a new attempt. */
export function startUpgrade(kind: UpgradeKind, run: Run, ctx: TaskContext): Verdict {
  const { device } = run;
  const { pkg } = ctx;
  if (device === undefined) return failed('deviceNotFound');
  if (device.laneTaken) return ctx.task.policy.onConflict === 'queue' ? { kind: 'queued' } : failed('upgradeConflict');
  if (pkg === undefined) return failed('packageNotFound');
  if (device.productId !== pkg.productId || device.appId !== pkg.appId) return failed('packageProductMismatch');
  if (device.frozen) return failed('upgradeDeviceAbnormal');
  const work = { onlineUntil: ctx.now + ctx.timers.otaOnlineTimeoutMs };
  const upgrade = { kind, run, device, work, ctx };
  if (isReachable(device)) return query(upgrade);
  const { onlineBy } = ctx.task.policy;
  if (onlineBy === undefined) return waiting('wait_online', work, work.onlineUntil);
  // Legacy 4.3: it has not begun, and holds no lane against other upgrades.
  return onlineBy > ctx.now ? { kind: 'later', at: onlineBy, orReachable: true } : failed('upgradeOnlineTimeout');
}

export function onUpgradeEvent(
  kind: UpgradeKind,
  { run, event }: { readonly run: Run; readonly event: RunEvent },
  ctx: TaskContext,
): Verdict {
  const { device } = run;
  if (device === undefined) return failed('deviceNotFound');
  const upgrade: Upgrade = { kind, run, device, work: workOf(run), ctx };
  const decided = isOutdated(event, device) ? unchanged : steps[run.step as UpgradeStep](upgrade, event);
  const verdict = withFacts(upgrade, decided, event);
  const entry = historyOf(upgrade, event);
  return entry === undefined ? verdict : { ...verdict, effects: [...(verdict.effects ?? []), entry] };
}

/** Such an event only says when to look: the session that ended may have a successor by now (device 1.6), and the new one may be gone. */
function isOutdated(event: RunEvent, device: RunDevice): boolean {
  if (event.kind === 'reachable') return !isReachable(device);
  return event.kind === 'unreachable' && isReachable(device);
}

/** A dispatch may see the new session before its `reachable` comes: whoever was asked in this session is not asked again. */
function isBack({ work, device }: Upgrade): boolean {
  return work.away === true || work.askedIn !== device.session?.epoch;
}

const steps: Record<UpgradeStep, (upgrade: Upgrade, event: RunEvent) => Verdict> = {
  wait_online: whileOffline,
  version_query: whileAsked,
  upgrading: whileUpgrading,
};

/** Rules 4, 5. */
function whileOffline(upgrade: Upgrade, event: RunEvent): Verdict {
  if (event.kind === 'reachable') return query(upgrade);
  return event.kind === 'deadline' ? failed('upgradeOnlineTimeout') : unchanged;
}

/** Rules 6 to 12. */
function whileAsked(upgrade: Upgrade, event: RunEvent): Verdict {
  const { work } = upgrade;
  switch (event.kind) {
    case 'version-report':
      return onVersion(upgrade, event[upgrade.kind.field]);
    case 'unreachable':
      return awaitReturn(work);
    case 'reachable':
      return isBack(upgrade) ? query(upgrade) : unchanged;
    case 'deadline':
      return onVersionDeadline(upgrade);
    default:
      return unchanged;
  }
}

/** Rule 11: the 3-minute timer stands. */
const awaitReturn = (work: UpgradeWork): Verdict => waiting('version_query', { ...work, away: true }, work.onlineUntil);

/** Rules 10, 11. Of a node that was lost nobody said `unreachable`: the timer should have stood. */
function onVersionDeadline({ work, device, ctx }: Upgrade): Verdict {
  if (work.away === true) return failed('upgradeOnlineTimeout');
  const isAway = !isReachable(device) && ctx.now < work.onlineUntil;
  return isAway ? awaitReturn(work) : failed('upgradeVersionTimeout');
}

function onVersion(upgrade: Upgrade, version: string | undefined): Verdict {
  const target = upgrade.ctx.pkg?.version;
  if (version === undefined || version === '') return unchanged;
  if (version !== target) return offer(upgrade, version);
  return { kind: 'done', output: { version, message: 'The current version is the same as the target version' } };
}

/** Rules 13 to 20. */
function whileUpgrading(upgrade: Upgrade, event: RunEvent): Verdict {
  switch (event.kind) {
    case 'progress-report':
      return onProgress(upgrade, event.report);
    case 'version-report':
      return onLateVersion(upgrade, event[upgrade.kind.field]);
    case 'unreachable':
      return goOn({ ...upgrade.work, away: true });
    case 'reachable':
      return isBack(upgrade) ? recheck(upgrade) : unchanged;
    case 'deadline':
      return onDeadline(upgrade);
    default:
      return unchanged;
  }
}

function onProgress(upgrade: Upgrade, report: ProgressReport): Verdict {
  const { work, ctx, device, kind } = upgrade;
  const target = ctx.pkg?.version;
  if (target === undefined) return failed('packageNotFound');
  const judgement = judgeProgress(report, { subject: kind.subject, target, reported: device[kind.field] });
  switch (judgement.kind) {
    case 'failed':
      return judgement;
    case 'succeeded':
      return succeeded(upgrade, target);
    case 'going-on':
      return goOn({ ...work, progress: judgement.progress });
    case 'suspicious':
      // The first such report sets the time; repeats do not extend it.
      return goOn({ ...work, mismatchUntil: work.mismatchUntil ?? ctx.now + ctx.timers.otaMismatchGraceMs });
  }
}

/** Rules 16 to 18: equal is success, asked for or not; a recheck that finds the old version offers again, at most three times in all. */
function onLateVersion(upgrade: Upgrade, version: string | undefined): Verdict {
  const { work, ctx } = upgrade;
  if (version === undefined || version === '') return unchanged;
  if (version === ctx.pkg?.version) return succeeded(upgrade, version);
  const asked = work.recheckUntil !== undefined;
  const mayOffer = asked && (work.offers ?? 0) < ctx.timers.otaOffersMax;
  if (mayOffer) return offer({ ...upgrade, work: without(work, 'recheckUntil') }, version);
  return asked ? goOn(without(work, 'recheckUntil')) : unchanged;
}

/** Rule 15. */
function recheck(upgrade: Upgrade): Verdict {
  const { run, device, ctx } = upgrade;
  const work = { ...asked(upgrade), recheckUntil: ctx.now + ctx.timers.otaVersionTimeoutMs };
  return { ...goOn(work), downlinks: [queryDownlink(run, device, ctx.task)] };
}

/** Rules 19, 20 and the grace of 7.4: whichever timers are over. */
function onDeadline({ work, ctx: { now } }: Upgrade): Verdict {
  if ((work.resultUntil ?? 0) <= now) return failed('upgradeResultTimeout');
  if ((work.mismatchUntil ?? Infinity) <= now) return failed('upgradeVersionMismatch');
  return goOn((work.recheckUntil ?? Infinity) <= now ? without(work, 'recheckUntil') : work);
}

/** Rules 2, 4, 12: three minutes from each query, never past the online limit by more than that. */
function query(upgrade: Upgrade): Verdict {
  const { run, device, work, ctx } = upgrade;
  const { otaVersionTimeoutMs } = ctx.timers;
  const until = Math.min(ctx.now, work.onlineUntil) + otaVersionTimeoutMs;
  return {
    ...waiting('version_query', asked(upgrade), until),
    downlinks: [queryDownlink(run, device, ctx.task)],
  };
}

function asked({ work, device }: Upgrade): UpgradeWork {
  const rest = without(work, 'away');
  return device.session === undefined ? rest : { ...rest, askedIn: device.session.epoch };
}

/** Rules 7, 8, 17, 26. `current`: what the device has now. */
function offer(upgrade: Upgrade, current: string): Verdict {
  const { work, ctx } = upgrade;
  const { pkg } = ctx;
  if (pkg === undefined) return failed('packageNotFound');
  if (pkg.sourceVersions.length > 0 && !pkg.sourceVersions.includes(current)) return failed('upgradeSourceVersion');
  const handout = handOut(upgrade, pkg);
  if (handout === undefined) return failed('packageNotFound');
  const offered: UpgradeWork = {
    ...work,
    offers: (work.offers ?? 0) + 1,
    offeredAt: work.offeredAt ?? ctx.now,
    sourceVersion: work.sourceVersion ?? current,
    resultUntil: work.resultUntil ?? ctx.now + ctx.timers.otaResultTimeoutMs,
  };
  return { ...goOn(offered), ...handout };
}

/** Device 7.3: v1 with a token of ours, v2 with a URL that an object store takes. Undefined: its store is not configured (any more). */
function handOut(
  { kind, run, device, ctx }: Upgrade,
  pkg: OtaPackage,
): Pick<Verdict, 'effects' | 'downlinks'> | undefined {
  const { location } = pkg;
  const offering = { run, device, ctx, pkg, eventType: kind.eventType };
  if (location.kind === 'object') {
    return ctx.objectUrl && { downlinks: [objectOffer(offering, location, ctx.objectUrl)] };
  }
  const { token, hash } = ctx.newToken();
  const { taskNo, seq, attempt } = run;
  const grant = {
    ...{ taskNo, seq, attempt },
    tokenHash: hash,
    deviceId: device.deviceId,
    packageId: pkg.packageId,
    expiresAt: ctx.now + ctx.timers.otaTokenMs,
  };
  return {
    effects: [{ kind: 'grantDownload', grant }],
    downlinks: [fileOffer(offering, location.file, token)],
  };
}

function succeeded({ kind, device }: Upgrade, version: string): Verdict {
  const versions = { [kind.field]: version };
  return {
    kind: 'done',
    output: { version },
    effects: [{ kind: 'reportVersions', deviceId: device.deviceId, versions }],
  };
}

const goOn = (work: UpgradeWork): Verdict & { kind: 'waiting' } => waiting('upgrading', work, nextDeadline(work));

function waiting(step: UpgradeStep, work: UpgradeWork, until: number): Verdict & { kind: 'waiting' } {
  const output: JsonObject = { step, progress: work.progress ?? 0 };
  return { kind: 'waiting', step, until, work: stored(work), output, lane: true };
}

const unchanged: Verdict = { kind: 'unchanged' };

const failed = (problem: ProblemName): Verdict => ({ kind: 'failed', cause: causeOf(problem) });

/** What is told of the verdict beyond it (legacy 9.2). */
function withFacts({ work, ctx }: Upgrade, verdict: Verdict, event: RunEvent): Verdict {
  const after = placeAfter(verdict);
  if (after === undefined) return verdict;
  const { offeredAt, sourceVersion } = work;
  const upgrade: UpgradeFacts = {
    phases: phasesBetween(placeOf(work), after),
    ...present({ targetVersion: ctx.pkg?.version, sourceVersion }),
    ...(offeredAt === undefined ? {} : { seconds: Math.round((ctx.now - offeredAt) / 1000) }),
    ...(event.kind === 'progress-report' && after === 'failed' ? { resultCode: event.report.resultCode } : {}),
  };
  return { ...verdict, upgrade };
}

const placeOf = ({ offers, progress }: UpgradeWork): UpgradePlace => ({
  offered: offers !== undefined,
  reported: progress !== undefined,
});

/** Undefined: nothing becomes of it. */
function placeAfter(verdict: Verdict): UpgradePlace | 'succeeded' | 'failed' | undefined {
  if (verdict.kind === 'done') return 'succeeded';
  if (verdict.kind === 'failed') return 'failed';
  return verdict.kind === 'waiting' ? placeOf((verdict.work ?? {}) as unknown as UpgradeWork) : undefined;
}

/** Every report of the device is kept with the subtask, whatever it did (rules 9, 18, 25). */
function historyOf({ run, ctx }: Upgrade, event: RunEvent): Effect | undefined {
  if (event.kind !== 'version-report' && event.kind !== 'progress-report') return undefined;
  const { kind, ...rest } = event;
  const body = (event.kind === 'progress-report' ? event.report : rest) as unknown as JsonObject;
  return { kind: 'recordHistory', entry: { taskNo: run.taskNo, seq: run.seq, at: ctx.now, kind, body } };
}
