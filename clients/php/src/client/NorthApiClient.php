<?php

declare(strict_types=1);

namespace Muster\Legacy\client;

use Muster\Legacy\client\dto\ClientInfo;
use Muster\Legacy\client\dto\SSLConfig;
use Muster\Legacy\internal\Address;
use Muster\Legacy\internal\Answers;
use Muster\Legacy\internal\Checks;
use Muster\Legacy\internal\ClientProblem;
use Muster\Legacy\internal\Request;
use Muster\Legacy\internal\TlsOptions;
use Muster\Legacy\internal\Transport;

/**
 * How the platform is reached, and by which application. Keeps its connection between calls.
 *
 * @property ClientInfo|null $clientInfo checked when it is set
 */
class NorthApiClient
{
    private const METHODS = ['GET', 'POST', 'PUT', 'DELETE'];
    private const AGENT = 'muster-legacy-php/0.1.0';

    /** Takes the place of https://{platformIp}:{platformPort}; http is possible, a path prefix too. Set it before clientInfo. */
    public ?string $baseUrl = null;
    /** Seconds for connecting; null: no limit. */
    public ?float $connectTimeout = 10.0;
    /** Seconds for a whole call; null: no limit. */
    public ?float $timeout = 60.0;

    private ?ClientInfo $clientInfo = null;
    /** @var array<int, mixed> */
    private array $tlsOptions;
    private Transport $transport;

    public function __construct()
    {
        $this->transport = new Transport();
        $this->initSSLConfig();
    }

    public function __get(string $name): mixed
    {
        return $name === 'clientInfo' ? $this->clientInfo : null;
    }

    public function __isset(string $name): bool
    {
        return $name === 'clientInfo' && $this->clientInfo !== null;
    }

    public function __set(string $name, mixed $value): void
    {
        if ($name !== 'clientInfo') {
            throw ClientProblem::of(ClientProblem::INTERNAL, "NorthApiClient has no setting $name.");
        }
        $this->clientInfo = Checks::clientInfo($value, $this->baseUrl !== null);
    }

    /** Without an SSLConfig: no certificate of our own, the server's checked by the authorities of the system. */
    public function initSSLConfig(?SSLConfig $sslConfig = null): void
    {
        $this->tlsOptions = TlsOptions::of($sslConfig ?? new SSLConfig());
    }

    /** The original client's version whose surface this is. */
    public function getVersion(): string
    {
        return 'V1.5.1';
    }

    /** The clientInfo, checked again: its members may have been changed. */
    public function checkedClientInfo(): ClientInfo
    {
        return Checks::clientInfo($this->clientInfo, $this->baseUrl !== null);
    }

    /**
     * The decoded answer, null if it is empty. For the classes under invokeapi.
     *
     * @return array<string, mixed>|null
     */
    public function send(Request $request): ?array
    {
        if (!in_array($request->method, self::METHODS, true)) {
            throw ClientProblem::of(ClientProblem::METHOD, "It is {$request->method}.");
        }
        $address = Address::of($this->checkedClientInfo(), $this->baseUrl);
        $signed = $request->with(['User-Agent' => self::AGENT, 'Accept' => 'application/json']);
        return Answers::decode($this->transport->exchange($address, $signed, $this->timeouts() + $this->tlsOptions));
    }

    /** Closes the connection that is kept. Not in the original client. */
    public function close(): void
    {
        $this->transport->close();
    }

    /** @return array<int, int> */
    private function timeouts(): array
    {
        return [
            CURLOPT_CONNECTTIMEOUT_MS => self::milliseconds('connectTimeout', $this->connectTimeout ?? $this->timeout),
            CURLOPT_TIMEOUT_MS => self::milliseconds('timeout', $this->timeout),
        ];
    }

    private static function milliseconds(string $name, ?float $seconds): int
    {
        if ($seconds === null) {
            return 0;
        }
        if (!($seconds > 0 && $seconds < 1e6)) {
            throw ClientProblem::of(ClientProblem::CLIENT_INFO, "$name is no number of seconds above 0.");
        }
        return max(1, (int) ($seconds * 1000));
    }
}

\class_alias(NorthApiClient::class, 'North_PHP_SDK\client\NorthApiClient');
