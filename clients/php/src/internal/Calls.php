<?php

declare(strict_types=1);

namespace Muster\Legacy\internal;

use Muster\Legacy\client\DefaultNorthApiClient;
use Muster\Legacy\client\NorthApiClient;

/** What Authentication, BatchProcess and DeviceUpgrade share. */
abstract class Calls
{
    private ?NorthApiClient $northApiClient;

    /** @param NorthApiClient|null $northApiClient null: the default one of the moment of each call */
    public function __construct(?NorthApiClient $northApiClient = null)
    {
        $this->northApiClient = $northApiClient;
    }

    protected function client(): NorthApiClient
    {
        return $this->northApiClient ?? DefaultNorthApiClient::getDefaultApiClient();
    }

    /**
     * Signed with the application's id and its token.
     *
     * @return array<string, mixed>|null
     */
    protected function call(Request $request, mixed $accessToken): ?array
    {
        Checks::token($accessToken);
        $appId = (string) $this->client()->checkedClientInfo()->appId;
        return $this->client()->send($request->with(['app_key' => $appId, 'Authorization' => "Bearer $accessToken"]));
    }

    /**
     * The answer as a DTO; null if it is empty.
     *
     * @template T of OutDto
     * @param class-string<T> $outDto
     * @return T|null
     */
    protected function ask(Request $request, mixed $accessToken, string $outDto): ?OutDto
    {
        $answer = $this->call($request, $accessToken);
        return $answer === null ? null : $outDto::ofAnswer($answer);
    }
}
