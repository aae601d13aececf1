<?php

declare(strict_types=1);

/*
 * Signs in once: `one-login.php SETTINGS`, a JSON object with members of ClientInfo and SSLConfig. Prints the accessToken or the
 * error's code.
 */

use Muster\Legacy\client\dto\ClientInfo;
use Muster\Legacy\client\dto\SSLConfig;
use Muster\Legacy\client\invokeapi\Authentication;
use Muster\Legacy\client\NorthApiClient;
use Muster\Legacy\client\NorthApiException;

require __DIR__ . '/../autoload.php';

$settings = json_decode($argv[1], true, 512, JSON_THROW_ON_ERROR);
try {
    $client = new NorthApiClient();
    $client->clientInfo = (new ClientInfo())->fill(['appId' => 'app', 'secret' => 'aB9'] + $settings);
    $client->initSSLConfig((new SSLConfig())->fill($settings));
    echo (new Authentication($client))->getAuthToken()->accessToken, "\n";
} catch (NorthApiException $failure) {
    echo $failure->error_code, "\n";
}
