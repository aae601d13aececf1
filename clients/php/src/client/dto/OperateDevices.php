<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\Dto;

/** Targets of an upgrade: `devices`, or `deviceGroups` with the other three. */
class OperateDevices extends Dto
{
    /** @var array|null */
    public $deviceGroups;
    /** @var string|null */
    public $deviceType;
    /** @var string|null */
    public $model;
    /** @var string|null */
    public $manufacturerName;
    /** @var array|null */
    public $devices;
}

\class_alias(OperateDevices::class, 'North_PHP_SDK\client\dto\OperateDevices');
