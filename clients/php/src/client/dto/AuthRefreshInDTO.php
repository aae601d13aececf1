<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\Dto;

/** Body of `refreshAuthToken`. */
class AuthRefreshInDTO extends Dto
{
    /** @var string|null */
    public $appId;
    /** @var string|null */
    public $secret;
    /** @var string|null */
    public $refreshToken;
}

\class_alias(AuthRefreshInDTO::class, 'North_PHP_SDK\client\dto\AuthRefreshInDTO');
