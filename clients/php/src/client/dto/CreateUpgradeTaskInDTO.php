<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\Dto;

/** Body of `createSoftwareUpgradeTask` and `createFirmwareUpgradeTask`. */
class CreateUpgradeTaskInDTO extends Dto
{
    /** @var string|null */
    public $fileId;
    /** @var OperateDevices|array<string, mixed>|null */
    public $targets;
    /** @var OperatePolicy|array<string, mixed>|null */
    public $policy;
}

\class_alias(CreateUpgradeTaskInDTO::class, 'North_PHP_SDK\client\dto\CreateUpgradeTaskInDTO');
