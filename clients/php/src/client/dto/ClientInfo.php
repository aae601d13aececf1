<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\Dto;

/** Where the platform is and which application calls it. */
class ClientInfo extends Dto
{
    /** @var string|null */
    public $platformIp;
    /** @var int|string|null */
    public $platformPort;
    /** @var string|null */
    public $appId;
    /** @var string|null */
    public $secret;
}

\class_alias(ClientInfo::class, 'North_PHP_SDK\client\dto\ClientInfo');
