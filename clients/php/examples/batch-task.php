<?php

declare(strict_types=1);

/*
 * Sends a command to devices as a batch task, watches it to its end and prints what became of each device.
 */

use Muster\Legacy\client\dto\BatchTaskCreateInDTO;
use Muster\Legacy\client\dto\CommandDTOV4;
use Muster\Legacy\client\dto\DeviceCmd;
use Muster\Legacy\client\dto\QueryOneTaskOutDTO;
use Muster\Legacy\client\dto\QueryTaskDetailsInDTO;
use Muster\Legacy\client\invokeapi\BatchProcess;

require __DIR__ . '/session.php';

const FINISHED = ['Complete', 'Timeout'];
const USAGE = <<<'TEXT'
    usage: php batch-task.php [OPTIONS] --service NAME --method NAME DEVICE_ID...
      --ini FILE          default: application.ini
      --name NAME         of the task; no two have the same
      --paras JSON        an object
      --timeout MINUTES   of the task; default: 10
      --interval SECONDS  between looks; default: 5
    TEXT;

/**
 * @param array<string, mixed> $options
 * @param list<string> $deviceIds
 */
function taskOf(array $options, array $deviceIds): BatchTaskCreateInDTO
{
    $command = new CommandDTOV4();
    $command->serviceId = $options['service'];
    $command->method = $options['method'];
    $command->paras = json_decode($options['paras'], false, 512, JSON_THROW_ON_ERROR);
    $param = new DeviceCmd();
    $param->type = 'DeviceList';
    $param->deviceList = $deviceIds;
    $param->command = $command;
    $task = new BatchTaskCreateInDTO();
    $task->taskName = $options['name'];
    $task->taskType = 'DeviceCmd';
    $task->timeout = (int) $options['timeout'];
    $task->param = $param;
    return $task;
}

/** Returns the task when it is finished. */
function watch(Session $session, BatchProcess $batch, string $taskId, string $interval): QueryOneTaskOutDTO
{
    while (true) {
        $task = $session->call(fn (string $token) => $batch->queryOneTask($taskId, null, null, $token));
        echo "$task->status: $task->completeCnt of $task->totalCnt, $task->successCnt successful\n";
        if (in_array($task->status, FINISHED, true)) {
            return $task;
        }
        pause($interval);
    }
}

function printSubTasks(Session $session, BatchProcess $batch, string $taskId): void
{
    $page = static function (int $pageNo, int $pageSize) use ($session, $batch, $taskId): object {
        $query = new QueryTaskDetailsInDTO();
        $query->taskId = $taskId;
        $query->pageNo = $pageNo;
        $query->pageSize = $pageSize;
        return $session->call(fn (string $token) => $batch->queryTaskDetails($query, $token));
    };
    foreach (pages($page) as $answer) {
        foreach ($answer->taskDetails as $subTask) {
            $said = $subTask['error'] ?? $subTask['output'] ?? '';
            echo implode("\t", [$subTask['param']['deviceId'], $subTask['status'], $said]), "\n";
        }
    }
}

$defaults = ['ini' => 'application.ini', 'name' => 'batch-' . time(), 'service' => null, 'method' => null, 'paras' => '{}'];
[$options, $deviceIds] = readArguments($defaults + ['timeout' => '10', 'interval' => '5'], 1, USAGE);
$client = clientOf($options['ini']);
$session = new Session($client);
$batch = new BatchProcess($client);
$created = $session->call(fn (string $token) => $batch->createBatchTask(taskOf($options, $deviceIds), $token));
echo "task $created->taskID\n";
$task = watch($session, $batch, $created->taskID, $options['interval']);
printSubTasks($session, $batch, $created->taskID);
exit($task->successCnt === $task->totalCnt ? 0 : 1);
