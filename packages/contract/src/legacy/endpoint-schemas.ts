import type { TObject } from 'typebox';
import * as batch from './batch-tasks.ts';
import * as operations from './operations.ts';
import * as commands from './commands.ts';
import * as groups from './device-groups.ts';
import * as devices from './devices.ts';
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
  UploadLegacyBatchFile: { response: batch.LegacyBatchFile },
  ListLegacyBatchFiles: { response: batch.ListLegacyBatchFilesResponse },
  DeleteLegacyBatchFile: {},
  StopLegacyBatchTask: {},
  DeleteLegacyBatchTask: {},

  RegisterDevice: { body: devices.RegisterDeviceRequest, response: devices.RegisterDeviceResponse },
  RefreshDeviceKey: { body: devices.RefreshDeviceKeyRequest, response: devices.RefreshDeviceKeyResponse },
  RefreshDeviceSecret: { body: devices.RefreshDeviceKeyRequest, response: devices.RefreshDeviceSecretResponse },
  ShowActivation: { response: devices.ShowActivationResponse },
  LegacyShowDevice: { query: devices.ShowDeviceQuery, response: devices.LegacyDevice },
  LegacyListDevices: { query: devices.LegacyListDevicesQuery, response: devices.LegacyListDevicesResponse },
  ModifyDevice: { body: devices.ModifyDeviceRequest },
  LegacyDeleteDevice: { query: devices.DeleteDeviceQuery },
  LegacyShowDeviceShadow: { response: devices.LegacyDeviceShadow },
  SetDeviceShadow: { body: devices.SetDeviceShadowRequest },
  ListDeviceCapabilities: {
    query: devices.ListDeviceCapabilitiesQuery,
    response: devices.ListDeviceCapabilitiesResponse,
  },

  CreateDeviceGroup: { body: groups.CreateDeviceGroupRequest, response: groups.LegacyDeviceGroup },
  ListDeviceGroups: { query: groups.LegacyListDeviceGroupsQuery, response: groups.LegacyListDeviceGroupsResponse },
  ShowDeviceGroup: { response: groups.LegacyDeviceGroup },
  ModifyDeviceGroup: { body: groups.ModifyDeviceGroupRequest, response: groups.LegacyDeviceGroup },
  DeleteDeviceGroup: {},
  ListGroupMembers: { query: groups.ListGroupMembersQuery, response: groups.ListGroupMembersResponse },
  AddDevicesToGroup: { body: groups.GroupDevicesRequest, response: groups.AddDevicesToGroupResponse },
  RemoveDevicesFromGroup: { body: groups.GroupDevicesRequest },

  CreateDeviceCommand: { body: commands.CreateDeviceCommandRequest, response: commands.DeviceCommand },
  ListDeviceCommands: {
    query: commands.ListDeviceCommandsQuery,
    response: commands.ListDeviceCommandsResponse,
  },
  CancelDeviceCommand: { body: commands.UpdateDeviceCommandRequest, response: commands.DeviceCommand },
  CancelDeviceCommands: { body: commands.CancelDeviceCommandsRequest, response: commands.CommandCancelTask },
  ListCommandCancelTasks: {
    query: commands.ListCommandCancelTasksQuery,
    response: commands.ListCommandCancelTasksResponse,
  },
  SendCommand: { body: commands.SendCommandRequest, response: commands.SendCommandResponse },

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
