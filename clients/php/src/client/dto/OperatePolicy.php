<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\Dto;

/** When an upgrade runs and how often it is tried. */
class OperatePolicy extends Dto
{
    /** @var string|null */
    public $executeType;
    /** @var string|null */
    public $startTime;
    /** @var string|null */
    public $endTime;
    /** @var bool|null */
    public $retryType;
    /** @var int|null */
    public $retryTimes;
}

\class_alias(OperatePolicy::class, 'North_PHP_SDK\client\dto\OperatePolicy');
