<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\Dto;

/** The command that a batch task sends. */
class CommandDTOV4 extends Dto
{
    /** @var string|null */
    public $serviceId;
    /** @var string|null */
    public $method;
    /** @var array<string, mixed>|null */
    public $paras;
}

\class_alias(CommandDTOV4::class, 'North_PHP_SDK\client\dto\CommandDTOV4');
