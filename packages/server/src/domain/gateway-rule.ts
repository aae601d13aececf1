import { gatewayDepthMax } from './device.ts';
import { Problem } from './problem.ts';

/** What a device must be known by to become a gateway; 1: direct, 2: child of a direct one, and so on. */
export interface PossibleGateway {
  readonly appId: string;
  readonly depth: number;
}

/** v5 6: of the same application, at most two levels below a direct device. */
export function problemOfGateway(gateway: PossibleGateway | undefined, appId: string): Problem | undefined {
  // Whoever may see one application does not learn what others have.
  if (gateway?.appId !== appId) return unusable('It does not exist in the application of the device.');
  return gateway.depth > gatewayDepthMax ? unusable('It is too deep below its gateway.') : undefined;
}

export const unusable = (reason: string): Problem =>
  new Problem('gatewayUnusable', { field: 'gatewayId', args: [reason] });
