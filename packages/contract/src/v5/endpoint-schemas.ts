import type { TObject } from 'typebox';
import * as actions from './actions.ts';
import * as admin from './admin.ts';
import * as apps from './apps.ts';
import * as files from './batch-files.ts';
import * as async from './async-commands.ts';
import * as tasks from './batch-tasks.ts';
import { CreateCommandRequest, CreateCommandResponse } from './commands.ts';
import * as exports from './exports.ts';
import * as groups from './device-groups.ts';
import * as devices from './devices.ts';
import * as iam from './iam.ts';
import * as messages from './messages.ts';
import * as modules from './modules.ts';
import * as packages from './packages.ts';
import * as policies from './policies.ts';
import * as products from './products.ts';
import * as queues from './queues.ts';
import * as rules from './rules.ts';
import {
  DeviceShadow,
  ListPropertiesQuery,
  PropertiesResponse,
  UpdatePropertiesRequest,
  UpdateShadowRequest,
} from './shadow.ts';
import { SearchDevicesRequest, SearchDevicesResponse } from './search.ts';
import * as tags from './tags.ts';

/** What travels in one call; an absent member means that nothing does. */
export interface EndpointSchemas {
  readonly query?: TObject;
  readonly body?: TObject;
  readonly response?: TObject;
}

/**
 * The schemas of each call by operation id. Without a body here: GET, DELETE, the body-less POSTs, and UploadPackageFile, whose body
 * is multipart/form-data. CreateBatchTask answers DryRunResponse instead with `dry_run=true`; WatchBatchTask sends BatchTaskEvent.
 */
export const endpointSchemas = {
  CreateToken: { query: iam.CreateTokenQuery, body: iam.CreateTokenRequest, response: iam.CreateTokenResponse },
  ListProjects: { query: iam.ListProjectsQuery, response: iam.ListProjectsResponse },
  ListDomains: { response: iam.ListDomainsResponse },

  AddApplication: { body: apps.AddApplicationRequest, response: apps.Application },
  ListApplications: { query: apps.ListApplicationsQuery, response: apps.ListApplicationsResponse },
  ShowApplication: { response: apps.Application },
  UpdateApplication: { body: apps.UpdateApplicationRequest, response: apps.Application },
  DeleteApplication: {},
  RenewLegacySecret: { body: apps.RenewLegacySecretRequest, response: apps.RenewLegacySecretResponse },
  RevokeLegacySecret: {},
  CreateLegacyGrant: {},
  DeleteLegacyGrant: {},

  CreateProduct: { body: products.CreateProductRequest, response: products.Product },
  ListProducts: { query: products.ListProductsQuery, response: products.ListProductsResponse },
  ShowProduct: { query: products.ProductQuery, response: products.Product },
  UpdateProduct: { body: products.UpdateProductRequest, response: products.Product },
  DeleteProduct: { query: products.ProductQuery },

  AddDevice: { body: devices.AddDeviceRequest, response: devices.Device },
  ListDevices: { query: devices.ListDevicesQuery, response: devices.ListDevicesResponse },
  ShowDevice: { response: devices.Device },
  UpdateDevice: { body: devices.UpdateDeviceRequest, response: devices.Device },
  DeleteDevice: {},
  FreezeDevice: {},
  UnfreezeDevice: {},
  ResetDeviceSecret: {
    query: devices.DeviceActionQuery,
    body: devices.ResetDeviceSecretRequest,
    response: devices.ResetDeviceSecretResponse,
  },
  ResetFingerprint: { body: devices.ResetFingerprintRequest, response: devices.ResetFingerprintResponse },
  ChangeGateway: { body: devices.ChangeGatewayRequest },
  ListDeviceGroupsByDevice: { response: groups.ListDeviceGroupsByDeviceResponse },
  SearchDevices: { body: SearchDevicesRequest, response: SearchDevicesResponse },

  AddDeviceGroup: { body: groups.AddDeviceGroupRequest, response: groups.DeviceGroup },
  ListDeviceGroups: { query: groups.ListDeviceGroupsQuery, response: groups.ListDeviceGroupsResponse },
  ShowDeviceGroup: { response: groups.DeviceGroup },
  UpdateDeviceGroup: { body: groups.UpdateDeviceGroupRequest, response: groups.DeviceGroup },
  DeleteDeviceGroup: {},
  CreateOrDeleteDeviceInGroup: { query: groups.DeviceGroupActionQuery },
  ListDevicesInGroup: { query: groups.ListDevicesInGroupQuery, response: groups.ListDevicesInGroupResponse },

  TagDevice: { body: tags.BindTagsRequest },
  UntagDevice: { body: tags.UnbindTagsRequest },
  ListResourcesByTags: {
    query: tags.QueryTagResourcesQuery,
    body: tags.QueryTagResourcesRequest,
    response: tags.QueryTagResourcesResponse,
  },

  CreateCommand: { body: CreateCommandRequest, response: CreateCommandResponse },
  CreateAsyncCommand: { body: async.CreateAsyncCommandRequest, response: async.CreateAsyncCommandResponse },
  ListAsyncCommands: { query: async.ListAsyncCommandsQuery, response: async.ListAsyncCommandsResponse },
  ListAsyncHistoryCommands: {
    query: async.ListAsyncCommandHistoryQuery,
    response: async.ListAsyncCommandHistoryResponse,
  },
  CountAsyncHistoryCommands: {
    query: async.CountAsyncCommandHistoryQuery,
    response: async.CountAsyncCommandHistoryResponse,
  },
  ShowAsyncDeviceCommand: { response: async.AsyncCommand },
  CreateMessage: { body: messages.CreateMessageRequest, response: messages.CreateMessageResponse },
  ListDeviceMessages: { response: messages.ListMessagesResponse },
  ShowDeviceMessage: { response: messages.ShowMessageResponse },
  DeleteDeviceMessage: {},
  ShowDeviceShadow: { response: DeviceShadow },
  UpdateDeviceShadowDesiredData: { body: UpdateShadowRequest, response: DeviceShadow },
  DeleteDeviceShadow: {},
  ListProperties: { query: ListPropertiesQuery, response: PropertiesResponse },
  UpdateProperties: { body: UpdatePropertiesRequest, response: PropertiesResponse },

  CreateOtaPackage: { body: packages.CreateOtaPackageRequest, response: packages.OtaPackage },
  ListOtaPackageInfo: { query: packages.ListOtaPackagesQuery, response: packages.ListOtaPackagesResponse },
  ShowOtaPackage: { response: packages.OtaPackage },
  DeleteOtaPackage: {},
  UploadPackageFile: { response: packages.PackageFile },
  CreateOtaModule: { body: modules.CreateOtaModuleRequest, response: modules.OtaModule },
  ListOtaModules: { query: modules.ListOtaModulesQuery, response: modules.ListOtaModulesResponse },
  ShowOtaModule: { response: modules.OtaModule },
  UpdateOtaModule: { body: modules.UpdateOtaModuleRequest, response: modules.OtaModule },
  DeleteOtaModule: {},

  CreateBatchTask: {
    query: tasks.CreateBatchTaskQuery,
    body: tasks.CreateBatchTaskRequest,
    response: tasks.BatchTask,
  },
  ListBatchTasks: { query: tasks.ListBatchTasksQuery, response: tasks.ListBatchTasksResponse },
  ShowBatchTask: { query: tasks.ShowBatchTaskQuery, response: tasks.ShowBatchTaskResponse },
  DownloadFailedRows: { query: files.BatchFileTemplateQuery },
  DeleteBatchTask: {},
  RetryBatchTask: { body: tasks.BatchTaskTargetsRequest, response: tasks.BatchTaskTargetsResponse },
  StopBatchTask: { body: tasks.BatchTaskTargetsRequest, response: tasks.BatchTaskTargetsResponse },
  ConfirmBatchTask: { body: tasks.BatchTaskTargetsRequest, response: tasks.BatchTaskTargetsResponse },
  WatchBatchTask: {},

  UploadBatchTaskFile: { response: files.BatchTaskFile },
  ListBatchTaskFiles: { response: files.ListBatchTaskFilesResponse },
  DeleteBatchTaskFile: {},
  ShowBatchTaskFileTemplate: { query: files.BatchFileTemplateQuery },

  CreateExportTask: { body: exports.CreateExportTaskRequest, response: exports.ExportTask },
  ListExportTasks: { query: exports.ListExportTasksQuery, response: exports.ListExportTasksResponse },
  ShowExportTask: { response: exports.ExportTask },
  DownloadExportTask: {},
  DeleteExportTask: {},

  CreateRoutingRule: { body: rules.CreateRuleRequest, response: rules.Rule },
  ListRoutingRules: { query: rules.ListRulesQuery, response: rules.ListRulesResponse },
  ShowRoutingRule: { response: rules.Rule },
  UpdateRoutingRule: { body: rules.UpdateRuleRequest, response: rules.Rule },
  DeleteRoutingRule: {},
  CreateRuleAction: { body: actions.CreateRuleActionRequest, response: actions.RuleAction },
  ListRuleActions: { query: actions.ListRuleActionsQuery, response: actions.ListRuleActionsResponse },
  ShowRuleAction: { response: actions.RuleAction },
  UpdateRuleAction: { body: actions.UpdateRuleActionRequest, response: actions.RuleAction },
  DeleteRuleAction: {},
  ShowRuleActionStatus: { response: actions.RuleActionStatus },
  ListRuleActionDeliveries: { query: actions.ListDeliveriesQuery, response: actions.ListDeliveriesResponse },
  TestRuleAction: { response: actions.TestRuleActionResponse },
  RedeliverRuleAction: { body: actions.RedeliverRequest, response: actions.RedeliverResponse },
  CreateRoutingBacklogPolicy: { body: policies.CreateBacklogPolicyRequest, response: policies.BacklogPolicy },
  ListRoutingBacklogPolicy: {
    query: policies.ListBacklogPoliciesQuery,
    response: policies.ListBacklogPoliciesResponse,
  },
  ShowRoutingBacklogPolicy: { response: policies.BacklogPolicy },
  UpdateRoutingBacklogPolicy: { body: policies.UpdateBacklogPolicyRequest, response: policies.BacklogPolicy },
  DeleteRoutingBacklogPolicy: {},
  CreateRoutingFlowControlPolicy: {
    body: policies.CreateFlowControlPolicyRequest,
    response: policies.FlowControlPolicy,
  },
  ListRoutingFlowControlPolicy: {
    query: policies.ListFlowControlPoliciesQuery,
    response: policies.ListFlowControlPoliciesResponse,
  },
  ShowRoutingFlowControlPolicy: { response: policies.FlowControlPolicy },
  UpdateRoutingFlowControlPolicy: {
    body: policies.UpdateFlowControlPolicyRequest,
    response: policies.FlowControlPolicy,
  },
  DeleteRoutingFlowControlPolicy: {},

  AddQueue: { body: queues.CreateQueueRequest, response: queues.Queue },
  BatchShowQueue: { query: queues.ListQueuesQuery, response: queues.ListQueuesResponse },
  ShowQueue: { response: queues.ShowQueueResponse },
  DeleteQueue: {},
  CreateAccessCode: { body: queues.CreateAccessCodeRequest, response: queues.CreateAccessCodeResponse },

  AdminCreateUser: { body: admin.CreateUserRequest, response: admin.CreateUserResponse },
  AdminListUsers: { query: admin.ListUsersQuery, response: admin.ListUsersResponse },
  AdminShowUser: { response: admin.User },
  AdminUpdateUser: { body: admin.UpdateUserRequest, response: admin.User },
  AdminDeleteUser: {},
  AdminCreateProject: { body: admin.CreateProjectRequest, response: admin.Project },
  AdminListProjects: { query: admin.AdminListProjectsQuery, response: admin.AdminListProjectsResponse },
  AdminShowProject: { response: admin.Project },
  AdminUpdateProject: { body: admin.UpdateProjectRequest, response: admin.Project },
  AdminDeleteProject: {},
  AdminCreateAccessKey: { body: admin.CreateAccessKeyRequest, response: admin.CreateAccessKeyResponse },
  AdminListAccessKeys: { query: admin.ListAccessKeysQuery, response: admin.ListAccessKeysResponse },
  AdminShowAccessKey: { response: admin.AccessKey },
  AdminUpdateAccessKey: { body: admin.UpdateAccessKeyRequest, response: admin.AccessKey },
  AdminDeleteAccessKey: {},
  AdminCreateRole: { body: admin.CreateRoleRequest, response: admin.Role },
  AdminListRoles: { query: admin.ListRolesQuery, response: admin.ListRolesResponse },
  AdminShowRole: { response: admin.Role },
  AdminUpdateRole: { body: admin.UpdateRoleRequest, response: admin.Role },
  AdminDeleteRole: {},
  AdminListAudit: { query: admin.ListAuditQuery, response: admin.ListAuditResponse },
} as const satisfies Record<string, EndpointSchemas>;
