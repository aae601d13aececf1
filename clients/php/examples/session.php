<?php

declare(strict_types=1);

/*
 * What both examples need: arguments, a client set up by an ini file, a token that is renewed, lists read page by page, and an
 * end that says what failed.
 */

use Muster\Legacy\client\dto\ClientInfo;
use Muster\Legacy\client\dto\SSLConfig;
use Muster\Legacy\client\invokeapi\Authentication;
use Muster\Legacy\client\NorthApiClient;
use Muster\Legacy\client\NorthApiException;

require __DIR__ . '/../autoload.php';

const PAGE_SIZE = 100;

set_exception_handler(static function (Throwable $failure): void {
    if (!$failure instanceof NorthApiException) {
        throw $failure;
    }
    fwrite(STDERR, $failure->getMessage() . "\n");
    exit(1);
});

/** Signs in for the first call, and again when the token's hour is over. */
final class Session
{
    private const TOKEN_INVALID = '1010005';

    private ?string $accessToken = null;

    public function __construct(private NorthApiClient $client)
    {
    }

    /** @param callable $ask a function of the access token */
    public function call(callable $ask): mixed
    {
        if ($this->accessToken !== null) {
            try {
                return $ask($this->accessToken);
            } catch (NorthApiException $failure) {
                if ($failure->error_code !== self::TOKEN_INVALID) {
                    throw $failure;
                }
            }
        }
        $this->accessToken = (new Authentication($this->client))->getAuthToken()->accessToken;
        return $ask($this->accessToken);
    }
}

/** By the section [CLIENT_INFO]: platformIp, platformPort, appId, secret, and caFile, which is looked for beside the ini file. */
function clientOf(string $iniFile): NorthApiClient
{
    $sections = parse_ini_file($iniFile, true, INI_SCANNER_RAW);
    $members = $sections['CLIENT_INFO'] ?? [];
    $client = new NorthApiClient();
    $client->clientInfo = (new ClientInfo())->fill($members);
    if (isset($members['caFile'])) {
        $config = new SSLConfig();
        $isAbsolute = preg_match('~^([a-z]:)?[/\\\\]~i', $members['caFile']) === 1;
        $config->caFile = $isAbsolute ? $members['caFile'] : dirname($iniFile) . '/' . $members['caFile'];
        $client->initSSLConfig($config);
    }
    return $client;
}

/**
 * The answers, page by page.
 *
 * @param callable $ask a function of pageNo and pageSize
 */
function pages(callable $ask): Generator
{
    $pageNo = 0;
    do {
        $answer = $ask($pageNo, PAGE_SIZE);
        yield $answer;
        $pageNo++;
    } while ($pageNo * PAGE_SIZE < $answer->totalCount);
}

/**
 * Options by name, and what follows them.
 *
 * @param array<string, string|null> $options by name with their defaults; null: must be given; a flag ends with `?`
 * @return array{array<string, mixed>, list<string>}
 */
function readArguments(array $options, int $atLeast, string $usage): array
{
    $isFlag = static fn (string $name): bool => str_ends_with($name, '?');
    $long = array_map(static fn ($name) => $isFlag($name) ? rtrim($name, '?') : "$name:", array_keys($options));
    $given = getopt('', $long, $next) ?: [];
    $rest = array_slice($GLOBALS['argv'], $next);
    $values = [];
    foreach ($options as $name => $default) {
        $key = rtrim($name, '?');
        $values[$key] = $isFlag($name) ? isset($given[$key]) : $given[$key] ?? $default;
    }
    if (count($rest) < $atLeast || in_array(null, $values, true)) {
        fwrite(STDERR, "$usage\n");
        exit(2);
    }
    return [$values, $rest];
}

function pause(string $seconds): void
{
    usleep((int) ((float) $seconds * 1_000_000));
}
