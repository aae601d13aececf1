<?php

declare(strict_types=1);

namespace Muster\Legacy\internal;

use Muster\Legacy\client\dto\SSLConfig;

/** From an SSLConfig to curl's options. Files are looked at here, so that a missing one is known at once. */
final class TlsOptions
{
    private const KEY = '/-----BEGIN [A-Z ]*PRIVATE KEY-----/';
    private const CERTIFICATE = '/-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/';

    /** @return array<int, mixed> */
    public static function of(SSLConfig $config): array
    {
        foreach (['verifyCertificate', 'verifyHostName'] as $name) {
            if (!is_bool($config->$name)) {
                throw ClientProblem::of(ClientProblem::CLIENT_INFO, "$name is neither true nor false.");
            }
        }
        $options = [
            CURLOPT_SSLVERSION => CURL_SSLVERSION_TLSv1_2,
            CURLOPT_SSL_VERIFYPEER => $config->verifyCertificate,
            CURLOPT_SSL_VERIFYHOST => $config->verifyCertificate && $config->verifyHostName ? 2 : 0,
        ];
        if ($config->selfCertPath !== null) {
            self::require($config->selfCertPath, self::CERTIFICATE, 'certificate');
            $options[CURLOPT_SSLCERT] = $config->selfCertPath;
        }
        $caFile = $config->caFile;
        if ($config->trustCAPath !== null && !self::holds($config->trustCAPath, self::KEY)) {
            if ($caFile !== null) {
                throw ClientProblem::of(ClientProblem::CERTIFICATE_PATH, 'caFile and trustCAPath both name authorities.');
            }
            $caFile = $config->trustCAPath;
        }
        if ($caFile !== null) {
            self::require($caFile, self::CERTIFICATE, 'certificate');
            $options[CURLOPT_CAINFO] = $caFile;
        }
        return $options + self::key($config);
    }

    /**
     * The client's key stands in trustCAPath (so the original reads that member), in selfKeyPath, or in selfCertPath.
     *
     * @return array<int, mixed>
     */
    private static function key(SSLConfig $config): array
    {
        if ($config->trustCAPath !== null && self::holds($config->trustCAPath, self::KEY)) {
            return [CURLOPT_SSLKEY => $config->trustCAPath, CURLOPT_KEYPASSWD => (string) $config->trustCAPwd];
        }
        if ($config->selfKeyPath !== null) {
            self::require($config->selfKeyPath, self::KEY, 'private key');
            return [CURLOPT_SSLKEY => $config->selfKeyPath, CURLOPT_KEYPASSWD => (string) $config->selfCertPwd];
        }
        return $config->selfCertPath === null ? [] : [CURLOPT_KEYPASSWD => (string) $config->selfCertPwd];
    }

    private static function require(string $path, string $pattern, string $what): void
    {
        if (!self::holds($path, $pattern)) {
            throw ClientProblem::of(ClientProblem::CERTIFICATE_PATH, "$path holds no $what in PEM.");
        }
    }

    private static function holds(string $path, string $pattern): bool
    {
        if (!is_file($path) || !is_readable($path)) {
            throw ClientProblem::of(ClientProblem::CERTIFICATE_PATH, "$path cannot be read.");
        }
        return preg_match($pattern, (string) file_get_contents($path)) === 1;
    }
}
