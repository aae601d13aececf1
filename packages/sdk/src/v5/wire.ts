/** JSON value of the wire. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** JSON object of the wire. */
export type JsonObject = { readonly [key: string]: Json };

/** Paging of lists: `limit` 1..50, `offset` 0..500, `marker` 24 hex. */
export interface PageQuery {
  readonly limit?: number;
  readonly marker?: string;
  readonly offset?: number;
}

/** Where a page ended; `count` counts all matches. */
export interface PageInfo {
  readonly count: number;
  readonly marker: string | null;
}

export interface App {
  readonly app_id: string;
  readonly app_name: string;
  readonly create_time: string;
  readonly default_app: boolean;
}

export interface Para {
  readonly para_name: string;
  readonly data_type: string;
  readonly required?: boolean;
  readonly enum_list?: readonly string[];
  readonly min?: string;
  readonly max?: string;
  readonly max_length?: number;
  readonly step?: number;
  readonly unit?: string;
  readonly description?: string;
}

export interface ServiceProperty extends Omit<Para, 'para_name'> {
  readonly property_name: string;
  readonly method: 'RWE' | 'RW' | 'RE' | 'WE' | 'E' | 'W' | 'R';
  readonly default_value?: Json;
}

export interface ServiceCommand {
  readonly command_name: string;
  readonly paras?: readonly Para[];
  readonly responses?: readonly { readonly response_name: string; readonly paras?: readonly Para[] }[];
}

export interface ServiceCapability {
  readonly service_id: string;
  readonly service_type: string;
  readonly properties?: readonly ServiceProperty[];
  readonly commands?: readonly ServiceCommand[];
  readonly events?: readonly { readonly event_type: string; readonly paras?: readonly Para[] }[];
  readonly description?: string;
  readonly option?: 'Master' | 'Mandatory' | 'Optional';
}

export interface UpdateProduct {
  readonly app_id?: string;
  readonly name?: string;
  readonly device_type?: string;
  readonly protocol_type?: string;
  readonly data_format?: 'json' | 'binary';
  readonly service_capabilities?: readonly ServiceCapability[];
  readonly manufacturer_name?: string;
  readonly manufacturer_id?: string;
  readonly model?: string;
  readonly industry?: string;
  readonly description?: string;
  readonly custom_topics?: readonly string[];
}

export interface CreateProduct extends UpdateProduct {
  readonly product_id?: string;
  readonly name: string;
  readonly device_type: string;
  readonly protocol_type: string;
  readonly data_format: 'json' | 'binary';
  readonly service_capabilities: readonly ServiceCapability[];
}

export interface ProductSummary extends Omit<CreateProduct, 'service_capabilities' | 'custom_topics'> {
  readonly product_id: string;
  readonly app_id: string;
  readonly app_name: string;
  readonly create_time: string;
}

export interface Product extends ProductSummary {
  readonly service_capabilities: readonly ServiceCapability[];
  readonly custom_topics?: readonly string[];
}

export interface AuthInfo {
  readonly auth_type?: 'SECRET' | 'CERTIFICATES';
  readonly secret?: string;
  readonly secondary_secret?: string;
  readonly fingerprint?: string;
  readonly secondary_fingerprint?: string;
  readonly secure_access?: boolean;
  readonly timeout?: number;
}

export interface CreateDevice {
  readonly node_id: string;
  readonly product_id: string;
  readonly device_id?: string;
  readonly device_name?: string;
  readonly description?: string;
  readonly gateway_id?: string;
  readonly app_id?: string;
  readonly auth_info?: Omit<AuthInfo, 'secondary_secret' | 'secondary_fingerprint'>;
  readonly extension_info?: JsonObject;
  readonly shadow?: readonly { readonly service_id: string; readonly desired: JsonObject }[];
}

export interface UpdateDevice {
  readonly device_name?: string;
  readonly description?: string;
  readonly extension_info?: JsonObject;
  readonly auth_info?: Pick<AuthInfo, 'secure_access' | 'timeout'>;
}

export type DeviceStatus = 'ONLINE' | 'OFFLINE' | 'ABNORMAL' | 'INACTIVE' | 'FROZEN';

/** A device as lists show it. */
export interface DeviceSummary {
  readonly app_id: string;
  readonly app_name: string;
  readonly device_id: string;
  readonly node_id: string;
  readonly gateway_id: string;
  readonly device_name?: string;
  readonly node_type: 'GATEWAY' | 'ENDPOINT' | 'UNKNOWN';
  readonly description?: string;
  readonly fw_version?: string;
  readonly sw_version?: string;
  readonly device_sdk_version?: string;
  readonly product_id: string;
  readonly product_name: string;
  readonly status: DeviceStatus;
  readonly tags: readonly { readonly tag_key: string; readonly tag_value?: string }[];
}

export interface Device extends DeviceSummary {
  readonly auth_info: AuthInfo;
  readonly create_time: string;
  readonly connection_status_update_time?: string;
  readonly active_time?: string;
  readonly modules?: readonly { readonly module_name: string; readonly module_version: string }[];
  readonly extension_info?: JsonObject;
}

export interface DeviceQuery extends PageQuery {
  readonly product_id?: string;
  readonly gateway_id?: string;
  readonly is_cascade_query?: boolean;
  readonly node_id?: string;
  readonly device_name?: string;
  readonly start_time?: string;
  readonly end_time?: string;
  readonly app_id?: string;
}

export interface ResetSecret {
  readonly secret?: string;
  readonly force_disconnect?: boolean;
  readonly secret_type?: 'PRIMARY' | 'SECONDARY';
}

export interface CreateGroup {
  readonly name: string;
  readonly description?: string;
  readonly super_group_id?: string;
  readonly app_id?: string;
  readonly group_type?: 'STATIC' | 'DYNAMIC';
  readonly dynamic_group_rule?: string;
}

export interface Group {
  readonly group_id: string;
  readonly name: string;
  readonly description?: string;
  readonly super_group_id?: string;
  readonly group_type: 'STATIC' | 'DYNAMIC';
  readonly dynamic_group_rule?: string;
}

export interface GroupQuery extends PageQuery {
  readonly last_modified_time?: string;
  readonly app_id?: string;
  readonly group_type?: 'STATIC' | 'DYNAMIC';
  readonly name?: string;
}

export interface GroupMember {
  readonly device_id: string;
  readonly node_id: string;
  readonly device_name?: string;
  readonly product_id: string;
}

export type PackageType = 'softwarePackage' | 'firmwarePackage' | 'modulePackage';

export interface PackageFile {
  readonly file_id: string;
  readonly file_name: string;
  readonly size: number;
  readonly sha256: string;
}

export interface ObsLocation {
  readonly region_name: string;
  readonly bucket_name: string;
  readonly object_key: string;
  readonly sign_method?: 'SHA256';
  readonly sign?: string;
}

export interface CreatePackage {
  readonly app_id: string;
  readonly product_id: string;
  readonly package_type: PackageType;
  readonly module_name?: string;
  readonly version: string;
  readonly support_source_versions?: readonly string[];
  readonly description?: string;
  readonly custom_info?: string;
  readonly file_location:
    | { readonly obs_location: ObsLocation }
    | { readonly local_location: { readonly file_id: string } };
}

export interface PackageSummary extends Omit<CreatePackage, 'file_location'> {
  readonly package_id: string;
  readonly product_name: string;
  readonly create_time: string;
}

export interface Package extends PackageSummary {
  readonly file_location: { readonly obs_location?: ObsLocation; readonly local_location?: PackageFile };
  readonly warnings?: readonly string[];
}

export interface PackageQuery extends PageQuery {
  readonly package_type: PackageType;
  readonly app_id?: string;
  readonly product_id?: string;
  readonly version?: string;
}

export interface SendCommand {
  readonly service_id?: string;
  readonly command_name?: string;
  readonly paras: JsonObject;
}

export interface CommandAnswer {
  readonly command_id: string;
  readonly response?: { readonly result_code?: number; readonly response_name?: string; readonly paras?: JsonObject };
  /** Set when the device answered with another `result_code` than 0. */
  readonly error_code?: string;
  readonly error_msg?: string;
}

export interface SendMessage {
  readonly message: Json;
  readonly message_id?: string;
  readonly name?: string;
  readonly properties?: {
    readonly correlation_data?: string;
    readonly response_topic?: string;
    readonly user_properties?: readonly { readonly prop_key: string; readonly prop_value: string }[];
  };
  readonly encoding?: 'none' | 'base64';
  readonly payload_format?: 'standard' | 'raw';
  readonly topic?: string;
  readonly topic_full_name?: string;
  /** Minutes, a multiple of 5; 0 = never cached. */
  readonly ttl?: number;
}

export type MessageStatus = 'PENDING' | 'DELIVERED' | 'FAILED' | 'TIMEOUT';

export interface MessageReceipt {
  readonly message_id: string;
  readonly result: { readonly status: MessageStatus; readonly created_time: string; readonly finished_time?: string };
}

export interface Message extends Omit<SendMessage, 'topic_full_name' | 'ttl'> {
  readonly message_id: string;
  readonly status: MessageStatus;
  readonly error_info?: { readonly error_code: string; readonly error_msg: string };
  readonly created_time: string;
  readonly finished_time?: string;
}

export type TaskStatus =
  | 'Initializing'
  | 'Waitting'
  | 'Processing'
  | 'Stopping'
  | 'Success'
  | 'PartialSuccess'
  | 'Fail'
  | 'Stopped';

export type SubtaskStatus = 'Waitting' | 'Processing' | 'Success' | 'Fail' | 'FailWaitRetry' | 'Stopped' | 'Removed';

export interface TaskPolicy {
  readonly schedule_time?: string;
  readonly retry_count?: number;
  /** Minutes. */
  readonly retry_interval?: number;
  readonly on_conflict?: 'fail' | 'queue';
}

export interface CreateBatchTask {
  readonly task_name: string;
  readonly task_type: string;
  readonly app_id?: string;
  readonly task_mode?: 'GATEWAY';
  readonly need_confirm?: boolean;
  readonly task_ext_info?: JsonObject;
  readonly targets?: readonly string[];
  readonly targets_filter?: { readonly group_ids: readonly string[] };
  readonly document_source?: string;
  readonly document?: JsonObject;
  readonly task_policy?: TaskPolicy;
}

export interface TaskProgress {
  readonly total: number;
  readonly processing: number;
  readonly success: number;
  readonly fail: number;
  readonly waitting: number;
  readonly fail_wait_retry: number;
  readonly stopped: number;
  readonly removed: number;
}

export interface BatchTask extends Omit<CreateBatchTask, 'app_id' | 'document_source'> {
  readonly task_id: string;
  readonly need_confirm: boolean;
  readonly status: TaskStatus;
  readonly status_desc: string;
  readonly task_progress: TaskProgress;
  readonly create_time: string;
}

export interface TaskDetail {
  readonly target: string;
  readonly status: SubtaskStatus;
  /** JSON text. */
  readonly output?: string;
  readonly error?: { readonly error_code: string; readonly error_msg: string };
}

export interface ShowBatchTask {
  readonly batchtask: BatchTask;
  readonly task_details?: readonly TaskDetail[];
  readonly page?: PageInfo;
}

export interface TaskQuery extends PageQuery {
  readonly task_type?: string;
  readonly app_id?: string;
  readonly status?: TaskStatus;
}

export interface TaskDetailQuery extends PageQuery {
  readonly task_detail_status?: SubtaskStatus;
  readonly target?: string;
}

export interface TargetResult {
  readonly target: string;
  readonly status: 'success' | 'failure';
  readonly error_code?: string;
  readonly error_msg?: string;
}

export interface TargetResults {
  readonly targets: readonly TargetResult[];
  /** All that were acted on, where `targets` lists the first 100. */
  readonly affected?: number;
}

export interface DryRun {
  readonly dry_run: true;
  readonly task_type: string;
  readonly total: number;
  readonly valid: number;
  readonly invalid: number;
  readonly reasons: readonly {
    readonly severity: 'error' | 'warning';
    readonly error_code: string;
    readonly error_msg: string;
    readonly count: number;
    readonly samples: readonly string[];
  }[];
}

/** `data` of the frames of a task's event stream. */
export interface TaskEvent {
  readonly task_id: string;
  readonly revision: number;
  readonly status: TaskStatus;
  readonly status_desc: string;
  readonly task_progress: TaskProgress;
}

export interface CreateRule {
  readonly subject: { readonly resource: string; readonly event: string };
  readonly rule_name?: string;
  readonly description?: string;
  readonly app_type?: 'GLOBAL' | 'APP';
  readonly app_id?: string;
  readonly select?: string;
  readonly where?: string;
}

export interface UpdateRule {
  readonly rule_name?: string;
  readonly description?: string;
  readonly select?: string;
  readonly where?: string;
  readonly active?: boolean;
}

export interface Rule extends CreateRule {
  readonly rule_id: string;
  readonly active: boolean;
}

export interface RuleQuery extends PageQuery {
  readonly resource?: string;
  readonly event?: string;
  readonly app_type?: 'GLOBAL' | 'APP';
  readonly app_id?: string;
  readonly rule_name?: string;
  readonly active?: boolean;
}

export interface HttpForwarding {
  readonly url: string;
  readonly cert_id?: string;
  readonly cn_name?: string;
  readonly sni_enable?: boolean;
  readonly signature_enable?: boolean;
  readonly token?: string;
}

export interface UpdateAction {
  readonly channel: 'HTTP_FORWARDING' | 'AMQP_FORWARDING';
  readonly channel_detail: {
    readonly http_forwarding?: HttpForwarding;
    readonly amqp_forwarding?: { readonly queue_name: string };
  };
}

export interface CreateAction extends UpdateAction {
  readonly rule_id: string;
}

export interface Action extends CreateAction {
  readonly action_id: string;
  readonly app_id?: string;
}

export interface ActionQuery extends PageQuery {
  readonly rule_id?: string;
  readonly channel?: string;
  readonly app_type?: 'GLOBAL' | 'APP';
  readonly app_id?: string;
}
