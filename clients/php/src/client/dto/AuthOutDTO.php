<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\OutDto;

/** Answer of `getAuthToken`. */
class AuthOutDTO extends OutDto
{
    /** @var string|null */
    public $scope;
    /** @var string|null */
    public $tokenType;
    /** @var int|null */
    public $expiresIn;
    /** @var string|null */
    public $accessToken;
    /** @var string|null */
    public $refreshToken;
}

\class_alias(AuthOutDTO::class, 'North_PHP_SDK\client\dto\AuthOutDTO');
