import type { Downlink, DownlinkContent } from '../../src/domain/downlink.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import type { CloseReason, DeviceLink } from '../../src/ports/device-link.ts';

type Kind = DownlinkContent['kind'];

/** The far end of the engine: keeps what was handed over to the devices' sessions. */
export interface RecordedLink extends DeviceLink {
  readonly sent: readonly Downlink[];
  readonly closed: readonly { readonly deviceId: DeviceId; readonly reason: CloseReason }[];
  /** What was sent since the last call. */
  take(): readonly Downlink[];
  /** The same, of one kind only; any other kind is an error of the test. */
  takeOf<K extends Kind>(kind: K): readonly Extract<DownlinkContent, { kind: K }>[];
  /** As at a crash: what is handed over from now on is lost. */
  cut(): void;
}

export function createRecordedLink(): RecordedLink {
  const sent: Downlink[] = [];
  const closed: { deviceId: DeviceId; reason: CloseReason }[] = [];
  let taken = 0;
  let isCut = false;

  const take = (): readonly Downlink[] => {
    const fresh = sent.slice(taken);
    taken = sent.length;
    return fresh;
  };

  return {
    sent,
    closed,
    send: (downlinks) => {
      if (!isCut) sent.push(...downlinks);
    },
    close: (deviceIds, reason) => {
      for (const deviceId of deviceIds) closed.push({ deviceId, reason });
    },
    posted: () => undefined,
    take,
    takeOf: <K extends Kind>(kind: K) =>
      take().map(({ content }) => {
        if (content.kind !== kind) throw new Error(`A '${content.kind}' was sent where only '${kind}' was expected.`);
        return content as Extract<DownlinkContent, { kind: K }>;
      }),
    cut: () => {
      isCut = true;
    },
  };
}
