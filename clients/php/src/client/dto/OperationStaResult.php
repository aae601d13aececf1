<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\Dto;

/** Counters of an upgrade's sub-operations. */
class OperationStaResult extends Dto
{
    /** @var int|null */
    public $total;
    /** @var int|null */
    public $wait;
    /** @var int|null */
    public $processing;
    /** @var int|null */
    public $success;
    /** @var int|null */
    public $fail;
    /** @var int|null */
    public $stop;
    /** @var int|null */
    public $timeout;
}

\class_alias(OperationStaResult::class, 'North_PHP_SDK\client\dto\OperationStaResult');
