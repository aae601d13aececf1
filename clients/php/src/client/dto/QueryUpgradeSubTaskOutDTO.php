<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\OutDto;

/** Answer of `queryUpgradeSubTask`. */
class QueryUpgradeSubTaskOutDTO extends OutDto
{
    /** @var array|null */
    public $data;
    /** @var int|null */
    public $pageNo;
    /** @var int|null */
    public $pageSize;
    /** @var int|null */
    public $totalCount;
}

\class_alias(QueryUpgradeSubTaskOutDTO::class, 'North_PHP_SDK\client\dto\QueryUpgradeSubTaskOutDTO');
