import type { TObject } from 'typebox';
import * as batch from './batch-tasks.ts';
import * as groups from './device-groups.ts';
import * as operations from './operations.ts';
import * as packages from './packages.ts';
import * as security from './security.ts';
import * as subscriptions from './subscriptions.ts';

/** What travels in one call; an absent member means that nothing does. */
export interface LegacyEndpointSchemas {
  readonly query?: TObject;
  readonly body?: TObject;
  readonly response?: TObject;
}

/** The schemas of each call by operation id. The query that names an application is in the endpoint table. */
export const legacyEndpointSchemas = {
  Login: { body: security.LoginRequest, response: security.TokenDocument },
  RefreshToken: { body: security.RefreshTokenRequest, response: security.TokenDocument },
  Logout: { body: security.LogoutRequest },

  ListUpgradePackages: { query: packages.ListUpgradePackagesQuery, response: packages.ListUpgradePackagesResponse },
  ShowUpgradePackage: { response: packages.UpgradePackage },
  DeleteUpgradePackage: {},
  CreateSoftwareUpgrade: { body: operations.CreateOperationRequest, response: operations.CreateOperationResponse },
  CreateFirmwareUpgrade: { body: operations.CreateOperationRequest, response: operations.CreateOperationResponse },
  ShowOperation: { response: operations.OperationInfo },
  ListOperations: { query: operations.ListOperationsQuery, response: operations.ListOperationsResponse },
  ListSubOperations: { query: operations.ListSubOperationsQuery, response: operations.ListSubOperationsResponse },
  StopOperation: {},
  DeleteOperation: {},

  CreateLegacyBatchTask: { body: batch.CreateLegacyBatchTaskRequest, response: batch.CreateLegacyBatchTaskResponse },
  ShowLegacyBatchTask: { query: batch.ShowLegacyBatchTaskQuery, response: batch.LegacyBatchTask },
  ListLegacySubtasks: { query: batch.ListLegacySubtasksQuery, response: batch.ListLegacySubtasksResponse },
  ListLegacyBatchTasks: { query: batch.ListLegacyBatchTasksQuery, response: batch.ListLegacyBatchTasksResponse },
  StopLegacyBatchTask: {},
  DeleteLegacyBatchTask: {},

  CreateDeviceGroup: { body: groups.CreateDeviceGroupRequest, response: groups.LegacyDeviceGroup },
  ListDeviceGroups: { query: groups.LegacyListDeviceGroupsQuery, response: groups.LegacyListDeviceGroupsResponse },
  ShowDeviceGroup: { response: groups.LegacyDeviceGroup },
  ModifyDeviceGroup: { body: groups.ModifyDeviceGroupRequest, response: groups.LegacyDeviceGroup },
  DeleteDeviceGroup: {},
  ListGroupMembers: { query: groups.ListGroupMembersQuery, response: groups.ListGroupMembersResponse },
  AddDevicesToGroup: { body: groups.GroupDevicesRequest, response: groups.AddDevicesToGroupResponse },
  RemoveDevicesFromGroup: { body: groups.GroupDevicesRequest },

  Subscribe: {
    query: subscriptions.LegacySubscribeQuery,
    body: subscriptions.LegacySubscribeRequest,
    response: subscriptions.LegacySubscription,
  },
  SubscribeToManagement: { body: subscriptions.ManagementSubscribeRequest },
  SubscribeInOldestForm: {
    body: subscriptions.ManagementSubscribeRequest,
    response: subscriptions.LegacySubscription,
  },
  ShowSubscription: { response: subscriptions.LegacySubscription },
  ListSubscriptions: {
    query: subscriptions.ListSubscriptionsQuery,
    response: subscriptions.ListSubscriptionsResponse,
  },
  DeleteSubscription: {},
  DeleteSubscriptions: { query: subscriptions.DeleteSubscriptionsQuery },
} as const satisfies Record<string, LegacyEndpointSchemas>;
