<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\Dto;

/** A command; `header` and `body` are those of an immediate one. */
class CommandDTO extends Dto
{
    /** @var string|null */
    public $serviceId;
    /** @var string|null */
    public $method;
    /** @var array<string, mixed>|null */
    public $paras;
    /** @var mixed */
    public $header;
    /** @var mixed */
    public $body;
}

\class_alias(CommandDTO::class, 'North_PHP_SDK\client\dto\CommandDTO');
