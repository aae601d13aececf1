/** An S3-compatible store, as the operator describes it (operations page, MUSTER_OBJECT_STORES). */
export interface ObjectStoreSettings {
  /** `https://host[:port][/path]`, without a slash at its end. */
  readonly endpoint: string;
  /** The store's own name of its region, part of every signature. */
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** True: the bucket is the first part of the path; false: of the host name. */
  readonly pathStyle: boolean;
}
