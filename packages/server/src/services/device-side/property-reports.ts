import type { DeviceId } from '../../domain/ids.ts';
import type { ReportedService } from '../../domain/notices/device-notices.ts';
import type { ProductModel } from '../../domain/product.ts';
import type { RunDevice } from '../../domain/run.ts';
import type { PropertyReport } from '../../ports/store/device-store.ts';
import type { Store } from '../../ports/store/store.ts';
import type { Speaker } from './family.ts';

export interface DeviceReport {
  readonly deviceId: DeviceId;
  readonly services: readonly ReportedService[];
}

/** Properties that devices report, on their way into the shadow (device 6.4). */
export interface PropertyReports {
  /**
   * Of the speaker itself or its children. Returns those named that are neither; nothing of theirs is taken. With `allOrNothing` then
   * nothing is taken at all.
   */
  report(
    speaker: Speaker,
    reports: readonly DeviceReport[],
    options?: { readonly allOrNothing: boolean },
  ): Promise<readonly DeviceId[]>;
}

/** Told of the devices whose reports are durable. */
export interface ReportWatch {
  onReported(rootId: DeviceId, deviceIds: readonly DeviceId[]): void;
}

export function createPropertyReports(store: Pick<Store, 'devices'>, watch: ReportWatch): PropertyReports {
  return {
    async report(speaker, reports, options) {
      // The facts that a task type sees of a device are those that are needed here: its gateway and its product's model.
      const deviceIds = [...new Set(reports.map(({ deviceId }) => deviceId))];
      const facts = await store.devices.readFacts(speaker.projectId, { deviceIds, usesModels: true });
      const own = new Map<DeviceId, RunDevice>();
      for (const device of facts.devices) if (device?.rootId === speaker.deviceId) own.set(device.deviceId, device);
      const foreign = deviceIds.filter((deviceId) => !own.has(deviceId));
      if (foreign.length > 0 && options?.allOrNothing === true) return foreign;
      const accepted = reports.flatMap(({ deviceId, services }): readonly PropertyReport[] => {
        const device = own.get(deviceId);
        return device === undefined ? [] : shadowOf(deviceId, services, facts.modelOf(device));
      });
      const pushed = reports.filter(({ deviceId }) => own.has(deviceId));
      const { projectId } = speaker;
      if (pushed.length > 0) await store.devices.reportProperties(accepted, { projectId, reports: pushed });
      watch.onReported(speaker.deviceId, [...own.keys()]);
      return foreign;
    },
  };
}

/** device 6.4: properties outside the model stay out of the shadow, unless the model lacks the service altogether. */
function shadowOf(
  deviceId: DeviceId,
  services: readonly ReportedService[],
  model: ProductModel | undefined,
): readonly PropertyReport[] {
  return services.flatMap(({ serviceId, properties, at }) => {
    const service = model?.capabilities.find((capability) => capability.service_id === serviceId);
    if (service === undefined) return [{ deviceId, serviceId, properties, at }];
    const names = new Set((service.properties ?? []).map((property) => property.property_name));
    const known = Object.entries(properties).filter(([name]) => names.has(name));
    return known.length === 0 ? [] : [{ deviceId, serviceId, properties: Object.fromEntries(known), at }];
  });
}
