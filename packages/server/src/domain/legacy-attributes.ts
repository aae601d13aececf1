/**
 * What legacy clients say of a device and v5 has no name for (legacy 5.2): kept, and shown again. Flat, so that new values go into old
 * ones member by member; what is absent was never said.
 */
export interface LegacyAttributes {
  /** Batch tasks select devices by it. */
  readonly location?: string;
  readonly license?: string;
  readonly imsi?: string;
  /** What the device was registered with; any case is the same code. */
  readonly verifyCode?: string;
  readonly mute?: boolean;
  readonly endUser?: string;
  readonly account?: string;
  readonly region?: string;
  readonly organization?: string;
  readonly timezone?: string;
  readonly ip?: string;
  /** Days for which data are kept. */
  readonly dataAgingTime?: number;
  readonly customFields?: readonly CustomField[];
  /** What it says of its product while it has none of its own. */
  readonly manufacturerId?: string;
  readonly manufacturerName?: string;
  readonly deviceType?: string;
  readonly model?: string;
  readonly protocolType?: string;
}

export interface CustomField {
  readonly fieldName: string;
  readonly fieldType?: string;
  readonly fieldValue?: string;
}
