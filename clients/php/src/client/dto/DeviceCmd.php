<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\Dto;

/** `param` of a batch task: of DeviceCmd the members from `type` to `groupTag`, of the other types `fileId`. */
class DeviceCmd extends Dto
{
    /** @var string|null */
    public $type;
    /** @var array|null */
    public $deviceList;
    /** @var string|null */
    public $deviceType;
    /** @var string|null */
    public $manufacturerId;
    /** @var string|null */
    public $model;
    /** @var string|null */
    public $deviceLocation;
    /** @var array|null */
    public $groupList;
    /** @var CommandDTOV4|array<string, mixed>|null */
    public $command;
    /** @var string|null */
    public $callbackUrl;
    /** @var int|null */
    public $maxRetransmit;
    /** @var string|null */
    public $groupTag;
    /** @var string|null */
    public $fileId;
}

\class_alias(DeviceCmd::class, 'North_PHP_SDK\client\dto\DeviceCmd');
