<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\OutDto;

/** Answer of `queryUpgradeTaskList`; totalCount and totalSize are equal. */
class QueryUpgradeTaskListOutDTO extends OutDto
{
    /** @var array|null */
    public $data;
    /** @var int|null */
    public $pageNo;
    /** @var int|null */
    public $pageSize;
    /** @var int|null */
    public $totalCount;
    /** @var int|null */
    public $totalSize;
}

\class_alias(QueryUpgradeTaskListOutDTO::class, 'North_PHP_SDK\client\dto\QueryUpgradeTaskListOutDTO');
