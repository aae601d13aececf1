<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\Dto;

/** `param` of a sub-task. */
class ObjectNode1 extends Dto
{
    /** @var int|null */
    public $index;
    /** @var string|null */
    public $nodeId;
    /** @var string|null */
    public $deviceId;
    /** @var string|null */
    public $commandId;
}

\class_alias(ObjectNode1::class, 'North_PHP_SDK\client\dto\ObjectNode1');
