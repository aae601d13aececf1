<?php

declare(strict_types=1);

namespace Muster\Legacy\client;

/** The client of all calls that are given none. */
class DefaultNorthApiClient
{
    private static ?NorthApiClient $northApiClient = null;

    public static function getDefaultApiClient(): NorthApiClient
    {
        return self::$northApiClient ??= new NorthApiClient();
    }

    public static function setDefaultApiClient(NorthApiClient $northApiClient): void
    {
        self::$northApiClient = $northApiClient;
    }
}

\class_alias(DefaultNorthApiClient::class, 'North_PHP_SDK\client\DefaultNorthApiClient');
