<?php

declare(strict_types=1);

use Muster\Legacy\client\dto\AuthOutDTO;
use Muster\Legacy\client\dto\BatchTaskCreateInDTO;
use Muster\Legacy\client\dto\CommandDTOV4;
use Muster\Legacy\client\dto\DeviceCmd;
use Muster\Legacy\client\dto\QueryOneTaskOutDTO;
use Muster\Legacy\client\dto\QueryUpgradePackageListOutDTO;
use Muster\Legacy\client\dto\TagDTO2;

$token = 'scope tokenType expiresIn accessToken refreshToken';
$page = 'data pageNo pageSize totalCount';
$deviceCmd = 'type deviceList deviceType manufacturerId model deviceLocation groupList command callbackUrl maxRetransmit'
    . ' groupTag fileId';
$task = 'appId taskId taskName taskType operator taskFrom status startTime timeout totalCnt successCnt failCnt timeoutCnt'
    . ' expiredCnt completeCnt progress successRate param endTime statusDesc';

// docs/contract/legacy.md 14.2.
$dtos = [
    'ClientInfo' => 'platformIp platformPort appId secret',
    'AuthRefreshInDTO' => 'appId secret refreshToken',
    'AuthOutDTO' => $token,
    'AuthRefreshOutDTO' => $token,
    'BatchTaskCreateInDTO' => 'appId taskName taskType timeout param tags',
    'BatchTaskCreateOutDTO' => 'taskID',
    'DeviceCmd' => $deviceCmd,
    'CommandDTOV4' => 'serviceId method paras',
    'CommandDTO' => 'serviceId method paras header body',
    'TagDTO2' => 'tagName tagValue',
    'Tag2' => 'tagName tagValue tagType',
    'QueryOneTaskOutDTO' => $task,
    'QueryTaskDetailsInDTO' => 'taskId appId status index nodeId deviceId commandId pageNo pageSize',
    'QueryTaskDetailsOutDTO' => 'pageNo pageSize totalCount taskDetails',
    'QueryTaskDetailDTOCloud2NA' => 'status output error param',
    'ObjectNode1' => 'index nodeId deviceId commandId',
    'QueryUpgradePackageListInDTO' => 'fileType deviceType model manufacturerName version pageNo pageSize',
    'QueryUpgradePackageListOutDTO' => $page,
    'QueryUpgradeSubTaskOutDTO' => $page,
    'QueryUpgradeTaskListOutDTO' => "$page totalSize",
    'QueryUpgradePackageOutDTO' =>
        'fileId name version fileType deviceType model manufacturerName protocolType description date uploadTime',
    'CreateUpgradeTaskInDTO' => 'fileId targets policy',
    'CreateUpgradeTaskOutDTO' => 'operationId',
    'OperateDevices' => 'deviceGroups deviceType model manufacturerName devices',
    'OperatePolicy' => 'executeType startTime endTime retryType retryTimes',
    'OperationStaResult' => 'total wait processing success fail stop timeout',
    'QueryUpgradeTaskOutDTO' =>
        'operationId createTime startTime stopTime operateType targets policy status staResult extendPara',
    'QueryUpgradeSubTaskInDTO' => 'subOperationStatus pageNo pageSize',
    'SubOperationInfo' => 'subOperationId createTime startTime stopTime operateType deviceId status detailInfo extendInfo',
    'QueryUpgradeTaskListInDTO' => 'operationType operationStatus deviceType manufacturerName model deviceId pageNo pageSize',
    'QueryTaskListInDTO' => 'appId taskType status taskName pageNo pageSize',
    'QueryTaskListOutDTO' => 'totalCount pageNo pageSize tasks',
];

$dtoOf = static function (string $name): object {
    $class = "Muster\\Legacy\\client\\dto\\$name";
    return new $class();
};

return [
    'each DTO has its members, null at first' => static function () use ($dtos, $dtoOf): void {
        foreach ($dtos as $name => $members) {
            same(array_fill_keys(explode(' ', $members), null), get_object_vars($dtoOf($name)), $name);
        }
    },
    'certificates are checked by default' => static function () use ($dtoOf): void {
        $config = get_object_vars($dtoOf('SSLConfig'));
        same(['verifyCertificate' => true, 'verifyHostName' => true], array_filter($config));
        same([], array_diff(['selfCertPath', 'selfCertPwd', 'trustCAPath', 'trustCAPwd'], array_keys($config)));
    },
    'unknown members are ignored' => static function (): void {
        $tag = new TagDTO2();
        $tag->colour = 'red';
        same(null, $tag->colour);
        same(false, isset($tag->colour));
        same('{}', json_encode($tag));
    },
    'JSON leaves members out that are null, at every depth of DTOs' => static function (): void {
        $command = new CommandDTOV4();
        $command->serviceId = 'Brightness';
        $command->paras = ['brightness' => 10, 'unit' => null];
        $param = new DeviceCmd();
        $param->command = $command;
        $tag = new TagDTO2();
        $tag->tagName = 'Straße/1';
        $task = new BatchTaskCreateInDTO();
        $task->param = $param;
        $task->tags = [$tag];
        $json = json_encode($task, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
        $paras = '{"brightness":10,"unit":null}';
        same('{"param":{"command":{"serviceId":"Brightness","paras":' . $paras . '}},"tags":[{"tagName":"Straße/1"}]}', $json);
    },
    'a DTO is written as text with its members' => static function (): void {
        $tag = new TagDTO2();
        $tag->tagName = 'a';
        $task = new BatchTaskCreateInDTO();
        $task->timeout = 10;
        $task->param = ['x' => true];
        $task->tags = [$tag];
        $expected = 'BatchTaskCreateInDTO [appId=null, taskName=null, taskType=null, timeout=10, param={"x":true},'
            . ' tags=[{"tagName":"a"}]]';
        same($expected, (string) $task);
        same('TagDTO2 [tagName=a, tagValue=null]', "$tag");
    },
    'an answer fills the members that its DTO knows, and is there as a whole' => static function (): void {
        $answer = ['taskId' => '1', 'param' => ['type' => 'Broadcast'], 'tags' => [['tagName' => 'a']]];
        $out = QueryOneTaskOutDTO::ofAnswer($answer);
        same(['1', ['type' => 'Broadcast'], null], [$out->taskId, $out->param, $out->tags]);
        same($answer, $out->answer());
        same(false, str_contains((string) $out, 'answer'));
        $list = QueryUpgradePackageListOutDTO::ofAnswer(['data' => [['fileId' => 'f']]]);
        same('f', $list->data[0]['fileId']);
    },
    'classes are known by their original names, also in catch and in types' => static function () use ($dtos): void {
        foreach ([...array_keys($dtos), 'SSLConfig'] as $name) {
            $original = "North_PHP_SDK\\client\\dto\\$name";
            same("Muster\\Legacy\\client\\dto\\$name", get_class(new $original()));
        }
        foreach (['NorthApiClient', 'DefaultNorthApiClient', 'NorthApiException'] as $name) {
            same(true, class_exists("North_PHP_SDK\\client\\$name"), $name);
        }
        foreach (['Authentication', 'BatchProcess', 'DeviceUpgrade'] as $name) {
            same(true, class_exists("North_PHP_SDK\\client\\invokeapi\\$name"), $name);
        }
        same(false, class_exists('North_PHP_SDK\\client\\dto\\Nothing'));
    },
    'a name that no program has asked for is known as soon as there is an object' => static function (): void {
        $program = <<<'PROGRAM'
            require $argv[1];
            function scopeOf(\North_PHP_SDK\client\dto\AuthOutDTO $dto): string { return $dto->scope; }
            echo scopeOf(\Muster\Legacy\client\dto\AuthOutDTO::ofAnswer(['scope' => 'default']));
            $client = new \Muster\Legacy\client\NorthApiClient();
            try { $client->clientInfo = null; }
            catch (\North_PHP_SDK\client\NorthApiException $refusal) { echo $refusal->error_code; }
            PROGRAM;
        $command = [PHP_BINARY, '-r', $program, '--', __DIR__ . '/../autoload.php'];
        same('default1008', (string) shell_exec(implode(' ', array_map('escapeshellarg', $command))));
        same(true, (new ReflectionClass(AuthOutDTO::class))->hasMethod('__toString'));
    },
];
