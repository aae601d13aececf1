<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\Dto;

/** Query of `queryUpgradeTaskList`. */
class QueryUpgradeTaskListInDTO extends Dto
{
    /** @var string|null */
    public $operationType;
    /** @var string|null */
    public $operationStatus;
    /** @var string|null */
    public $deviceType;
    /** @var string|null */
    public $manufacturerName;
    /** @var string|null */
    public $model;
    /** @var string|null */
    public $deviceId;
    /** @var int|null */
    public $pageNo;
    /** @var int|null */
    public $pageSize;
}

\class_alias(QueryUpgradeTaskListInDTO::class, 'North_PHP_SDK\client\dto\QueryUpgradeTaskListInDTO');
