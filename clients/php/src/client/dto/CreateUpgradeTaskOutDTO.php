<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\OutDto;

/** Answer of `createSoftwareUpgradeTask` and `createFirmwareUpgradeTask`. */
class CreateUpgradeTaskOutDTO extends OutDto
{
    /** @var string|null */
    public $operationId;
}

\class_alias(CreateUpgradeTaskOutDTO::class, 'North_PHP_SDK\client\dto\CreateUpgradeTaskOutDTO');
