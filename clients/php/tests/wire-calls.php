<?php

declare(strict_types=1);

/*
 * Makes every call once, in a fixed order: `wire-calls.php PORT CA_FILE`. Prints as JSON what each returned. The classes go by their
 * original names, those that the original does not have aside.
 */

use Muster\Legacy\client\dto\QueryTaskListInDTO;
use North_PHP_SDK\client\DefaultNorthApiClient;
use North_PHP_SDK\client\dto\AuthRefreshInDTO;
use North_PHP_SDK\client\dto\BatchTaskCreateInDTO;
use North_PHP_SDK\client\dto\ClientInfo;
use North_PHP_SDK\client\dto\CommandDTOV4;
use North_PHP_SDK\client\dto\CreateUpgradeTaskInDTO;
use North_PHP_SDK\client\dto\DeviceCmd;
use North_PHP_SDK\client\dto\OperateDevices;
use North_PHP_SDK\client\dto\OperatePolicy;
use North_PHP_SDK\client\dto\QueryTaskDetailsInDTO;
use North_PHP_SDK\client\dto\QueryUpgradePackageListInDTO;
use North_PHP_SDK\client\dto\QueryUpgradeSubTaskInDTO;
use North_PHP_SDK\client\dto\QueryUpgradeTaskListInDTO;
use North_PHP_SDK\client\dto\SSLConfig;
use North_PHP_SDK\client\dto\TagDTO2;
use North_PHP_SDK\client\invokeapi\Authentication;
use North_PHP_SDK\client\invokeapi\BatchProcess;
use North_PHP_SDK\client\invokeapi\DeviceUpgrade;
use North_PHP_SDK\client\NorthApiClient;
use North_PHP_SDK\client\NorthApiException;

require __DIR__ . '/../autoload.php';

const TOKEN = 'token-1';

/** By assignment, as applications do it. */
function filled(object $dto, mixed ...$members): object
{
    foreach ($members as $name => $value) {
        $dto->$name = $value;
    }
    return $dto;
}

function authentication(Authentication $calls): Generator
{
    yield $calls->getAuthToken()->accessToken;
    $refresh = filled(new AuthRefreshInDTO(), appId: 'App_1-x', secret: 'aB9', refreshToken: 'refresh-1');
    yield $calls->refreshAuthToken($refresh)->refreshToken;
    yield $calls->logout(TOKEN);
}

function deviceCmd(): BatchTaskCreateInDTO
{
    $command = filled(new CommandDTOV4(), serviceId: 'Brightness', method: 'SET', paras: ['brightness' => 10]);
    $param = filled(new DeviceCmd(), type: 'DeviceList', deviceList: ['d-1', 'd-2'], command: $command);
    filled($param, callbackUrl: 'https://app.example/cb?x=1', maxRetransmit: 2);
    $task = filled(new BatchTaskCreateInDTO(), appId: 'App_2', taskName: 'Straße 1/2', taskType: 'DeviceCmd', timeout: 100);
    return filled($task, param: $param, tags: [filled(new TagDTO2(), tagName: 'site', tagValue: 'north')]);
}

function deviceReg(): BatchTaskCreateInDTO
{
    $param = filled(new DeviceCmd(), fileId: 'file-1');
    return filled(new BatchTaskCreateInDTO(), taskName: 'reg', taskType: 'DeviceReg', timeout: 10, param: $param);
}

function batchProcess(BatchProcess $calls): Generator
{
    yield $calls->createBatchTask(deviceCmd(), TOKEN)->taskID;
    yield $calls->createBatchTask(deviceReg(), TOKEN)->taskID;
    yield $calls->queryOneTask('t/1', null, null, TOKEN)->status;
    yield $calls->queryOneTask('t-1', 'tag', 'App_2', TOKEN)->answer()['tags'];
    yield $calls->queryTaskDetails(filled(new QueryTaskDetailsInDTO(), taskId: 't-1'), TOKEN)->totalCount;
    $details = filled(new QueryTaskDetailsInDTO(), taskId: 't-1', appId: 'App_2', status: 'Fail', index: 7, nodeId: 'n 1');
    filled($details, deviceId: 'd&1', commandId: 'c', pageNo: 0, pageSize: 250);
    yield $calls->queryTaskDetails($details, TOKEN)->taskDetails[0]['param']['deviceId'];
}

function batchProcessOfMuster(BatchProcess $calls): Generator
{
    yield $calls->queryTaskList(null, TOKEN)->totalCount;
    $tasks = filled(new QueryTaskListInDTO(), taskType: 'DeviceCmd', status: 'Running', pageNo: 1, pageSize: 2);
    yield $calls->queryTaskList($tasks, TOKEN)->tasks;
    yield $calls->stopTask('t-1', null, TOKEN);
    yield $calls->deleteTask('t-1', 'App_2', TOKEN);
    yield $calls->queryBatchFileList(TOKEN)->files;
    yield $calls->deleteBatchFile('file-1', TOKEN);
    $folder = sys_get_temp_dir() . '/muster-legacy-' . bin2hex(random_bytes(8));
    mkdir($folder);
    file_put_contents("$folder/devices.csv", "node_id\r\nn-1\r\n");
    try {
        yield $calls->uploadBatchFile("$folder/devices.csv", TOKEN)->fileId;
    } finally {
        unlink("$folder/devices.csv");
        rmdir($folder);
    }
}

function deviceUpgrade(DeviceUpgrade $calls): Generator
{
    $packages = filled(new QueryUpgradePackageListInDTO(), fileType: 'firmwarePackage', model: 'm 1', version: 'V1.0', pageNo: 0);
    yield $calls->queryUpgradePackageList($packages, TOKEN)->data[0]['fileId'];
    yield $calls->queryUpgradePackage('f-1', TOKEN)->version;
    yield $calls->deleteUpgradePackage('f-1', TOKEN);
    $devices = filled(new OperateDevices(), devices: ['d-1']);
    $upgrade = filled(new CreateUpgradeTaskInDTO(), fileId: 'f-1', targets: $devices);
    yield $calls->createSoftwareUpgradeTask($upgrade, TOKEN)->operationId;
    $groups = filled(new OperateDevices(), deviceGroups: ['g'], deviceType: 'Lamp', model: 'm', manufacturerName: 'Maker');
    $policy = filled(new OperatePolicy(), executeType: 'custom', startTime: '20260101T000000Z', endTime: '20260102T000000Z');
    filled($policy, retryType: true, retryTimes: 3);
    $upgrade = filled(new CreateUpgradeTaskInDTO(), fileId: 'f-2', targets: $groups, policy: $policy);
    yield $calls->createFirmwareUpgradeTask($upgrade, TOKEN)->operationId;
    yield $calls->queryUpgradeTask('o-1', TOKEN)->staResult['total'];
    yield $calls->queryUpgradeSubTask(null, 'o-1', TOKEN)->totalCount;
    $subTasks = filled(new QueryUpgradeSubTaskInDTO(), subOperationStatus: 'fail', pageNo: 1, pageSize: 100);
    yield $calls->queryUpgradeSubTask($subTasks, 'o-1', TOKEN)->data;
    $operations = filled(new QueryUpgradeTaskListInDTO(), operationType: 'firmware_upgrade', operationStatus: 'wait');
    filled($operations, deviceType: 'Lamp', manufacturerName: 'Maker', model: 'm', deviceId: 'd-1', pageNo: 0, pageSize: 10);
    yield $calls->queryUpgradeTaskList($operations, TOKEN)->totalSize;
    yield $calls->stopUpgradeTask('o-1', TOKEN);
    yield $calls->deleteUpgradeTask('o-1', TOKEN);
}

function failure(BatchProcess $calls): Generator
{
    try {
        $calls->queryOneTask('unknown', null, null, TOKEN);
    } catch (NorthApiException $thrown) {
        yield [$thrown->error_code, $thrown->error_desc, $thrown->httpStatusCode, $thrown->httpReasonPhase];
    }
}

$client = new NorthApiClient();
$client->clientInfo = filled(new ClientInfo(), platformIp: '127.0.0.1', platformPort: $argv[1], appId: 'App_1-x', secret: 'aB9');
$client->initSSLConfig(filled(new SSLConfig(), caFile: $argv[2]));
DefaultNorthApiClient::setDefaultApiClient($client);
$outcomes = [];
$groups = [
    authentication(new Authentication()),
    batchProcess(new BatchProcess()),
    batchProcessOfMuster(new BatchProcess()),
    deviceUpgrade(new DeviceUpgrade($client)),
    failure(new BatchProcess()),
];
foreach ($groups as $group) {
    foreach ($group as $outcome) {
        $outcomes[] = $outcome;
    }
}
echo json_encode($outcomes, JSON_UNESCAPED_UNICODE), "\n";
