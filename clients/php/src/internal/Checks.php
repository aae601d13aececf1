<?php

declare(strict_types=1);

namespace Muster\Legacy\internal;

use Muster\Legacy\client\dto\ClientInfo;

/** Parameters are checked before anything is sent. */
final class Checks
{
    /** @param array<string, mixed> $parameters by name; null, empty texts and empty arrays are refused */
    public static function input(array $parameters): void
    {
        foreach ($parameters as $name => $value) {
            if ($value === null || $value === '' || $value === []) {
                throw ClientProblem::of(ClientProblem::EMPTY_INPUT, "It is $name.");
            }
        }
    }

    public static function token(mixed $accessToken): void
    {
        if (!is_string($accessToken) || trim($accessToken) === '') {
            throw ClientProblem::of(ClientProblem::ACCESS_TOKEN, 'getAuthToken answers one.');
        }
    }

    /** @param array<string, mixed> $parameters by name */
    public static function noSpace(array $parameters): void
    {
        foreach ($parameters as $name => $value) {
            if (preg_match('/\s/', (string) $value) === 1) {
                throw ClientProblem::of(ClientProblem::SPACE, "It is $name.");
            }
        }
    }

    /** With a base URL the address is not needed. */
    public static function clientInfo(mixed $clientInfo, bool $hasBaseUrl): ClientInfo
    {
        if (!$clientInfo instanceof ClientInfo) {
            throw ClientProblem::of(ClientProblem::CLIENT_INFO, 'Set clientInfo to a ClientInfo.');
        }
        $mandatory = $hasBaseUrl ? ['appId', 'secret'] : ['platformIp', 'platformPort', 'appId', 'secret'];
        $isMissing = static fn (string $name): bool => trim((string) $clientInfo->$name) === '';
        $missing = array_filter($mandatory, $isMissing);
        if ($missing !== []) {
            throw ClientProblem::of(ClientProblem::CLIENT_INFO, 'Missing: ' . implode(', ', $missing) . '.');
        }
        self::noSpace(['appId' => $clientInfo->appId, 'secret' => $clientInfo->secret]);
        return $clientInfo;
    }
}
