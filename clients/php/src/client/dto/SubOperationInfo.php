<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\Dto;

/** What an upgrade does to one device. */
class SubOperationInfo extends Dto
{
    /** @var string|null */
    public $subOperationId;
    /** @var string|null */
    public $createTime;
    /** @var string|null */
    public $startTime;
    /** @var string|null */
    public $stopTime;
    /** @var string|null */
    public $operateType;
    /** @var string|null */
    public $deviceId;
    /** @var string|null */
    public $status;
    /** @var string|null */
    public $detailInfo;
    /** @var array<string, mixed>|null */
    public $extendInfo;
}

\class_alias(SubOperationInfo::class, 'North_PHP_SDK\client\dto\SubOperationInfo');
