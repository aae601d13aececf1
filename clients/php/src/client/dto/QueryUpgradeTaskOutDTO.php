<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\OutDto;

/** Answer of `queryUpgradeTask`. */
class QueryUpgradeTaskOutDTO extends OutDto
{
    /** @var string|null */
    public $operationId;
    /** @var string|null */
    public $createTime;
    /** @var string|null */
    public $startTime;
    /** @var string|null */
    public $stopTime;
    /** @var string|null */
    public $operateType;
    /** @var array<string, mixed>|null */
    public $targets;
    /** @var array<string, mixed>|null */
    public $policy;
    /** @var string|null */
    public $status;
    /** @var array<string, mixed>|null */
    public $staResult;
    /** @var array<string, mixed>|null */
    public $extendPara;
}

\class_alias(QueryUpgradeTaskOutDTO::class, 'North_PHP_SDK\client\dto\QueryUpgradeTaskOutDTO');
