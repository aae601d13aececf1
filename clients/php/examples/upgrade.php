<?php

declare(strict_types=1);

/*
 * Upgrades devices with a package that the server has, watches it to its end and prints what became of each device.
 */

use Muster\Legacy\client\dto\CreateUpgradeTaskInDTO;
use Muster\Legacy\client\dto\OperateDevices;
use Muster\Legacy\client\dto\OperatePolicy;
use Muster\Legacy\client\dto\QueryUpgradeSubTaskInDTO;
use Muster\Legacy\client\dto\QueryUpgradeTaskOutDTO;
use Muster\Legacy\client\invokeapi\DeviceUpgrade;

require __DIR__ . '/session.php';

const FINISHED = ['success', 'failed', 'fail', 'stop'];
const USAGE = <<<'TEXT'
    usage: php upgrade.php [OPTIONS] FILE_ID DEVICE_ID...
      --ini FILE          default: application.ini
      --software          the package is software; default: firmware
      --retry TIMES       how often a device is tried again; default: 0
      --interval SECONDS  between looks; default: 5
    TEXT;

/** @param list<string> $deviceIds */
function upgradeOf(string $fileId, array $deviceIds, int $retry): CreateUpgradeTaskInDTO
{
    $targets = new OperateDevices();
    $targets->devices = $deviceIds;
    $policy = new OperatePolicy();
    $policy->executeType = 'now';
    $policy->retryType = $retry > 0;
    $policy->retryTimes = $retry > 0 ? $retry : null;
    $upgrade = new CreateUpgradeTaskInDTO();
    $upgrade->fileId = $fileId;
    $upgrade->targets = $targets;
    $upgrade->policy = $policy;
    return $upgrade;
}

/** Returns the operation when it is finished. */
function watch(Session $session, DeviceUpgrade $upgrades, string $operationId, string $interval): QueryUpgradeTaskOutDTO
{
    while (true) {
        $operation = $session->call(fn (string $token) => $upgrades->queryUpgradeTask($operationId, $token));
        $counts = array_filter($operation->staResult);
        $texts = array_map(static fn ($name, $count) => "$name $count", array_keys($counts), $counts);
        echo "$operation->status: ", implode(', ', $texts), "\n";
        // A server may be set to write it in capitals.
        if (in_array(strtolower($operation->status), FINISHED, true)) {
            return $operation;
        }
        pause($interval);
    }
}

function printSubOperations(Session $session, DeviceUpgrade $upgrades, string $operationId): void
{
    $page = static function (int $pageNo, int $pageSize) use ($session, $upgrades, $operationId): object {
        $query = new QueryUpgradeSubTaskInDTO();
        $query->pageNo = $pageNo;
        $query->pageSize = $pageSize;
        return $session->call(fn (string $token) => $upgrades->queryUpgradeSubTask($query, $operationId, $token));
    };
    foreach (pages($page) as $answer) {
        foreach ($answer->data as $subOperation) {
            echo implode("\t", [$subOperation['deviceId'], $subOperation['status'], $subOperation['detailInfo']]), "\n";
        }
    }
}

$defaults = ['ini' => 'application.ini', 'software?' => 'no', 'retry' => '0', 'interval' => '5'];
[$options, $ids] = readArguments($defaults, 2, USAGE);
$client = clientOf($options['ini']);
$session = new Session($client);
$upgrades = new DeviceUpgrade($client);
$upgrade = upgradeOf($ids[0], array_slice($ids, 1), (int) $options['retry']);
$created = $session->call(fn (string $token) => $options['software']
    ? $upgrades->createSoftwareUpgradeTask($upgrade, $token)
    : $upgrades->createFirmwareUpgradeTask($upgrade, $token));
echo "operation $created->operationId\n";
$operation = watch($session, $upgrades, $created->operationId, $options['interval']);
printSubOperations($session, $upgrades, $created->operationId);
exit($operation->staResult['success'] === $operation->staResult['total'] ? 0 : 1);
