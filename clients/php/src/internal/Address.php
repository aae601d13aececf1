<?php

declare(strict_types=1);

namespace Muster\Legacy\internal;

use Muster\Legacy\client\dto\ClientInfo;

/** Where the platform is. */
final class Address
{
    /** `https://host:port`, or the base URL without its last slash. */
    public static function of(ClientInfo $info, ?string $baseUrl): string
    {
        return $baseUrl === null ? self::platform($info) : self::checked($baseUrl);
    }

    private static function platform(ClientInfo $info): string
    {
        $port = trim((string) $info->platformPort);
        if (!ctype_digit($port) || (int) $port < 1 || (int) $port > 65535) {
            throw ClientProblem::of(ClientProblem::CLIENT_INFO, 'platformPort is a number from 1 to 65535.');
        }
        $host = trim((string) $info->platformIp, " \t\n\r[]");
        if (preg_match('~[/?#@\s]~', $host) === 1) {
            throw ClientProblem::of(ClientProblem::CLIENT_INFO, 'platformIp is a host name or an address.');
        }
        return 'https://' . (str_contains($host, ':') ? "[$host]" : $host) . ':' . (int) $port;
    }

    private static function checked(string $baseUrl): string
    {
        $parts = parse_url($baseUrl);
        $known = ['scheme' => true, 'host' => true, 'port' => true, 'path' => true];
        $isGood = is_array($parts)
            && in_array($parts['scheme'] ?? '', ['http', 'https'], true)
            && ($parts['host'] ?? '') !== ''
            && array_diff_key($parts, $known) === [];
        if (!$isGood) {
            throw ClientProblem::of(ClientProblem::CLIENT_INFO, 'baseUrl is http(s)://host[:port][/prefix].');
        }
        return rtrim($baseUrl, '/');
    }
}
