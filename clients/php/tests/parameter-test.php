<?php

declare(strict_types=1);

use Muster\Legacy\client\DefaultNorthApiClient;
use Muster\Legacy\client\dto\AuthRefreshInDTO;
use Muster\Legacy\client\dto\ClientInfo;
use Muster\Legacy\client\dto\QueryTaskDetailsInDTO;
use Muster\Legacy\client\dto\SSLConfig;
use Muster\Legacy\client\invokeapi\Authentication;
use Muster\Legacy\client\invokeapi\BatchProcess;
use Muster\Legacy\client\invokeapi\DeviceUpgrade;
use Muster\Legacy\client\NorthApiClient;
use Muster\Legacy\internal\Request;

$infoOf = static function (array $members = []): ClientInfo {
    $usual = ['platformIp' => '127.0.0.1', 'platformPort' => '8743', 'appId' => 'app', 'secret' => 's3cret'];
    return (new ClientInfo())->fill($members + $usual);
};

// Nothing listens there: what is sent after all fails with 1003.
$nowhere = static function () use ($infoOf): NorthApiClient {
    $client = new NorthApiClient();
    $client->baseUrl = 'http://127.0.0.1:1';
    $client->clientInfo = $infoOf();
    return $client;
};

$settingOf = static function (array $members): callable {
    return static function () use ($members): void {
        (new NorthApiClient())->initSSLConfig((new SSLConfig())->fill($members));
    };
};

return [
    'mandatory input is neither null nor empty' => static function () use ($nowhere): void {
        $batch = new BatchProcess($nowhere());
        $upgrade = new DeviceUpgrade($nowhere());
        refused('1007', fn () => $batch->createBatchTask(null, 't'));
        refused('1007', fn () => $batch->createBatchTask([], 't'));
        refused('1007', fn () => $batch->queryOneTask('', null, null, 't'));
        refused('1007', fn () => $batch->queryTaskDetails(null, 't'));
        refused('1007', fn () => $batch->queryTaskDetails(new QueryTaskDetailsInDTO(), 't'));
        refused('1007', fn () => $batch->stopTask(null, null, 't'));
        refused('1007', fn () => $batch->deleteTask(null, null, 't'));
        refused('1007', fn () => $batch->uploadBatchFile('', 't'));
        refused('1007', fn () => $batch->deleteBatchFile('', 't'));
        refused('1007', fn () => $upgrade->createSoftwareUpgradeTask(null, 't'));
        refused('1007', fn () => $upgrade->createFirmwareUpgradeTask(null, 't'));
        foreach (['queryUpgradePackage', 'deleteUpgradePackage', 'queryUpgradeTask', 'stopUpgradeTask'] as $call) {
            refused('1007', fn () => $upgrade->$call('', 't'));
        }
        refused('1007', fn () => $upgrade->deleteUpgradeTask(null, 't'));
        refused('1007', fn () => $upgrade->queryUpgradeSubTask(null, null, 't'));
    },
    'a refresh needs all three, without spaces' => static function () use ($nowhere): void {
        $authentication = new Authentication($nowhere());
        $all = ['appId' => 'a', 'secret' => 's', 'refreshToken' => 'r'];
        foreach (array_keys($all) as $missing) {
            $inDto = (new AuthRefreshInDTO())->fill([$missing => null] + $all);
            refused('1007', fn () => $authentication->refreshAuthToken($inDto));
        }
        refused('1010', fn () => $authentication->refreshAuthToken((new AuthRefreshInDTO())->fill(['secret' => 'a b'] + $all)));
        refused('1003', fn () => $authentication->refreshAuthToken((new AuthRefreshInDTO())->fill($all)));
    },
    'the token is neither null nor empty' => static function () use ($nowhere): void {
        foreach ([null, '', ' '] as $token) {
            refused('1009', fn () => (new BatchProcess($nowhere()))->createBatchTask(['taskName' => 't'], $token));
            refused('1009', fn () => (new BatchProcess($nowhere()))->uploadBatchFile(__FILE__, $token));
            refused('1009', fn () => (new DeviceUpgrade($nowhere()))->queryUpgradeTaskList(null, $token));
            refused('1009', fn () => (new Authentication($nowhere()))->logout($token));
        }
    },
    'clientInfo is checked when it is set' => static function () use ($infoOf): void {
        $client = new NorthApiClient();
        refused('1008', fn () => $client->clientInfo = null);
        refused('1008', fn () => $client->clientInfo = ['appId' => 'a']);
        foreach (['platformIp', 'platformPort', 'appId', 'secret'] as $missing) {
            refused('1008', fn () => $client->clientInfo = $infoOf([$missing => '']));
        }
        refused('1010', fn () => $client->clientInfo = $infoOf(['appId' => 'a b']));
        refused('1010', fn () => $client->clientInfo = $infoOf(['secret' => ' s']));
        same(null, $client->clientInfo);
        same(false, isset($client->clientInfo));
        $info = $infoOf();
        $client->clientInfo = $info;
        same($info, $client->clientInfo);
        same(true, isset($client->clientInfo));
        $info->appId = null;
        refused('1008', fn () => (new Authentication($client))->getAuthToken());
    },
    'a client without clientInfo sends nothing' => static function (): void {
        refused('1008', fn () => (new Authentication(new NorthApiClient()))->getAuthToken());
        refused('1008', fn () => (new BatchProcess(new NorthApiClient()))->queryOneTask('1', null, null, 't'));
    },
    'the default client is the one that was set' => static function () use ($nowhere): void {
        same(true, DefaultNorthApiClient::getDefaultApiClient() === DefaultNorthApiClient::getDefaultApiClient());
        refused('1008', fn () => (new Authentication())->getAuthToken());
        $client = $nowhere();
        DefaultNorthApiClient::setDefaultApiClient($client);
        same($client, DefaultNorthApiClient::getDefaultApiClient());
        refused('1003', fn () => (new Authentication())->getAuthToken());
    },
    'settings that say nothing are refused' => static function () use ($nowhere, $infoOf): void {
        foreach (['ftp://host', '//host', 'http://', 'http://h:99999', 'http://h/?a=1', 'http://user@h'] as $url) {
            $client = $nowhere();
            $client->baseUrl = $url;
            refused('1008', fn () => (new Authentication($client))->getAuthToken());
        }
        foreach (['0', '65536', 'x', '-1'] as $port) {
            $client = new NorthApiClient();
            $client->clientInfo = $infoOf(['platformPort' => $port]);
            refused('1008', fn () => (new Authentication($client))->getAuthToken());
        }
        foreach (['timeout', 'connectTimeout'] as $name) {
            $client = $nowhere();
            $client->$name = 0.0;
            refused('1008', fn () => (new Authentication($client))->getAuthToken());
        }
        refused('1001', fn () => $nowhere()->timeOut = 1);
        refused('1002', fn () => $nowhere()->send(new Request('PATCH', '/')));
    },
    'certificate files are looked at when they are set' => static function () use ($settingOf): void {
        $folder = sys_get_temp_dir() . '/muster-legacy-' . bin2hex(random_bytes(8));
        mkdir($folder);
        $pem = static fn (string $what): string => "-----BEGIN $what-----\nAA==\n-----END $what-----\n";
        file_put_contents("$folder/ca.pem", $pem('CERTIFICATE'));
        file_put_contents("$folder/key.pem", $pem('ENCRYPTED PRIVATE KEY'));
        try {
            foreach (['selfCertPath', 'trustCAPath', 'caFile', 'selfKeyPath'] as $name) {
                refused('1006', $settingOf([$name => '/nowhere.pem']));
                refused('1006', $settingOf([$name => __FILE__]));
            }
            refused('1006', $settingOf(['selfCertPath' => "$folder/key.pem"]));
            refused('1006', $settingOf(['caFile' => "$folder/ca.pem", 'trustCAPath' => "$folder/ca.pem"]));
            refused('1008', $settingOf(['verifyCertificate' => 'false']));
            $settingOf(['trustCAPath' => "$folder/ca.pem"])();
            $settingOf(['caFile' => "$folder/ca.pem", 'trustCAPath' => "$folder/key.pem", 'trustCAPwd' => 'x'])();
        } finally {
            array_map('unlink', glob("$folder/*") ?: []);
            rmdir($folder);
        }
    },
    'a file that is not there cannot be uploaded' => static function () use ($nowhere): void {
        refused('1003', fn () => (new BatchProcess($nowhere()))->uploadBatchFile('/nowhere.csv', 't'));
    },
    'a token cannot smuggle a header' => static function () use ($nowhere): void {
        $call = fn () => (new BatchProcess($nowhere()))->queryOneTask('1', null, null, "t\r\nX-Other: 1");
        same(true, str_contains(refused('1003', $call)->error_desc, 'line break'));
    },
    'the version is that of the original' => static function (): void {
        same('V1.5.1', (new NorthApiClient())->getVersion());
    },
];
